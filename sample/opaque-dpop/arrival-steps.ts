import { expect, type Narrator } from '../walk-through/narrator.js';
import { Exporter, get } from './exporter.js';
import type { Scene } from './scene.js';

/** Shows how a client that knows only the URL gets a token. */
export async function tellArrival(narrator: Narrator, { resource }: Scene): Promise<Exporter> {
  let metadataUrl = '';
  await narrator.step(`A client asks for ${resource}, without a token`, async () => {
    const { status, challenge } = await get(resource);
    metadataUrl = /^DPoP .*resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '';
    expect(status === 401 && metadataUrl !== '', `it was answered ${status}: ${challenge}`);
    return ['401 Unauthorized', `WWW-Authenticate: ${challenge}`];
  });

  let issuer = '';
  await narrator.step('The client reads the protected resource metadata at that URL', async () => {
    const { body } = await get(metadataUrl);
    const { authorization_servers: servers, dpop_bound_access_tokens_required: isBound } = body;
    expect(body.resource === resource, `the metadata is about ${String(body.resource)}`);
    expect(isBound === true, 'the metadata does not say that tokens must be bound to a key');
    issuer = String((servers as string[])[0]);
    return [`authorization_servers: ${issuer}`, 'dpop_bound_access_tokens_required: true'];
  });

  let exporter!: Exporter;
  await narrator.step("The client reads the authorization server's metadata", async () => {
    exporter = await Exporter.discover(issuer);
    const { token_endpoint: endpoint, dpop_signing_alg_values_supported: algorithms = [] } =
      exporter.metadata;
    expect(
      algorithms.includes('ES256'),
      'the authorization server does not accept proofs with ES256',
    );
    return [
      `token_endpoint: ${endpoint ?? ''}`,
      `dpop_signing_alg_values_supported: ${algorithms.join(', ')}`,
    ];
  });

  await narrator.step(
    'The client makes a key, and gets a token that is bound to this key',
    async () => {
      const { token_type: type, expires_in: seconds = 0 } = await exporter.authorize(resource);
      const refusal = exporter.wire.find('be asked for a nonce', ({ status }) => status === 400);
      expect(
        refusal.body.error === 'use_dpop_nonce',
        `the client was refused: ${String(refusal.body.error)}`,
      );
      expect(type === 'dpop', `the token is of the type ${type}`);
      expect(!exporter.token.includes('.'), 'the token is not opaque');
      return [
        'use_dpop_nonce: the authorization server wants a nonce in the proof, so openid-client tries again',
        `token_type: ${type}, for ${seconds / 60} minutes`,
        `an opaque token of ${exporter.token.length} characters: only its authorization server can read it`,
      ];
    },
  );
  return exporter;
}
