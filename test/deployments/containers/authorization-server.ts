import { startAuthorizationServer } from '../../../sample/authorization-server/start-authorization-server.js';
import { ALICE, SCOPES } from './alice.js';

/** The authorization server, on a machine of its own: `authorization-server.ts <host> <port> <resource>`. */
const [host = '', port = '', resource = ''] = process.argv.slice(2);

const { issuer } = await startAuthorizationServer({
  host,
  port: Number(port),
  resources: [{ resource, scopes: SCOPES }],
  users: [ALICE],
});
process.send?.({ issuer });
