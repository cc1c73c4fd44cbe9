import { startDevServer } from 'nestjs-mcp-auth/dev-server';
import { ALICE, SCOPES } from './alice.js';

/** The authorization server, on a machine of its own: `authorization-server.ts <host> <port> <resource>`. */
const [host = '', port = '', resource = ''] = process.argv.slice(2);

const { issuer } = await startDevServer({
  host: '0.0.0.0',
  port: Number(port),
  issuer: `http://${host}:${port}`,
  resources: [{ resource, scopes: SCOPES }],
  users: [ALICE],
});
process.send?.({ issuer });
