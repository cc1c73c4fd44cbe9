import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adapters, type AdapterName } from '../support/app.js';
import { CLIENTS } from '../support/mcp-flow/clients.js';
import { canMakeNetworks, ContainerNetwork } from './containers/container-network.js';

interface Machines {
  /** The heading of the application in `docs/containers.md`. */
  heading: string;
  auth: string;
  api: string;
  environment?: Record<string, string>;
  clients: string[];
}

const belowLocalhost: Machines = {
  heading: 'Names below localhost',
  auth: 'auth.localhost',
  api: 'notes-api.localhost',
  clients: Object.keys(CLIENTS),
};

const ofServices: Machines = {
  heading: 'Other names',
  auth: 'auth',
  api: 'notes-api',
  environment: { NODE_ENV: 'development', HOSTS: 'notes-api,host.docker.internal' },
  // Version 2 of the SDK sends no authorization code over `http:` to such a name.
  clients: ['@modelcontextprotocol/sdk v1'],
};

const describeIt = canMakeNetworks() ? describe : describe.skip;
const table = adapters.flatMap((adapter) =>
  [belowLocalhost, ofServices].map((machines): [AdapterName, string, Machines] => [
    adapter,
    machines.heading,
    machines,
  ]),
);

describeIt.each(table)('an application in a container, on %s: %s', (adapter, heading, machines) => {
  const { auth, api, environment, clients } = machines;
  const RESOURCE = `http://${api}:3000/mcp`;
  const ISSUER = `http://${auth}:8080`;
  let network: ContainerNetwork;

  beforeAll(async () => {
    network = await ContainerNetwork.start([auth, api, 'client']);
    const env = { ...environment, RESOURCE, ISSUER };
    await Promise.all([
      network.run(auth, './authorization-server.ts', [auth, '8080', RESOURCE]),
      network.run(api, './application.ts', [adapter, '3000', heading], env),
    ]);
  }, 60_000);
  afterAll(() => network.stop());

  it.each(clients)('%s logs in and calls a tool', async (kind) => {
    expect(await network.run('client', './client.ts', [kind, RESOURCE])).toEqual({
      content: [{ type: 'text', text: 'alice' }],
      // The request names the address, which is no host of the resource, so it could be DNS rebinding.
      byAddress: 403,
    });
  });
});
