import { lookup } from 'node:dns/promises';
import type { CLIENTS } from '../../support/mcp-flow/clients.js';
import { logIn } from '../../support/mcp-flow/log-in.js';
import { ALICE } from './alice.js';

/** Logs in by an SDK, calls a tool, and sends a request to the address: `client.ts <SDK> <endpoint>`. */
const [kind, endpoint = ''] = process.argv.slice(2);

const { client } = await logIn(kind as keyof typeof CLIENTS, endpoint, ALICE);
const { content } = await client.callTool('whoami');
await client.close();

const byAddress = new URL(endpoint);
byAddress.hostname = (await lookup(byAddress.hostname)).address;
const { status } = await fetch(byAddress, { method: 'POST' });

process.send?.({ content, byAddress: status });
