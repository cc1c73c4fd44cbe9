import { app } from './contender.js';
import { NotesController } from './open.js';

export function create() {
  return app({ controllers: [NotesController] }, 'fastify');
}
