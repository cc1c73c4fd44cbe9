export type {
  DevServer,
  DevServerOptions,
  DevServerResource,
  DevServerUser,
} from './dev-server.options.js';
export { startDevServer } from './start-dev-server.js';
