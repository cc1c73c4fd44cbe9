import { Controller, Get } from '@nestjs/common';
import { app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

@Controller('notes')
export class NotesController {
  @Get()
  list() {
    return notesOf('nobody');
  }
}

export function create({ issuer }: Setup) {
  /** Serves the metadata document from a static Nest route. The library's route is compared with this one. */
  @Controller('document')
  class DocumentController {
    private readonly document = {
      resource: RESOURCE,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      scopes_supported: [SCOPE],
    };

    @Get()
    get() {
      return this.document;
    }
  }
  return app({ controllers: [NotesController, DocumentController] });
}
