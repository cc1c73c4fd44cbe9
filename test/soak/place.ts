import type { ServerProcess } from './server/server-process.js';
import type { Traffic } from './traffic/traffic.js';
import type { World } from './world/world.js';

/** A protected server, its {@link World}, and the traffic to the server. */
export interface Place {
  world: World;
  server: ServerProcess;
  load: Traffic;
}
