import type { ServerProcess } from './server/server-process.js';
import type { Traffic } from './traffic/traffic.js';
import type { World } from './world/world.js';

/** A server, what is known of it, and what is sent to it. */
export interface Place {
  world: World;
  server: ServerProcess;
  load: Traffic;
}
