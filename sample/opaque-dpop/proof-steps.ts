import { calculateThumbprint } from 'dpop';
import { expect, type Narrator } from '../walk-through/narrator.js';
import { get, type Exporter } from './exporter.js';
import type { Scene } from './scene.js';

/** The parts of a request that an attacker could see. */
export interface Seen {
  token: string;
  proof: string;
  nonce: string;
}

/** Shows that each request needs the token and a new proof with the key. */
export async function tellProofs(
  narrator: Narrator,
  { resource, introspections }: Scene,
  exporter: Exporter,
): Promise<Seen> {
  const { token } = exporter;
  let nonce = '';
  await narrator.step(
    'The client sends the token and a proof, made by the dpop package',
    async () => {
      const dpop = await exporter.proof(resource);
      const answer = await get(resource, { authorization: `DPoP ${token}`, dpop });
      expect(answer.body.error === 'use_dpop_nonce', `it was answered ${answer.status}`);
      nonce = answer.nonce ?? '';
      expect(nonce !== '', 'the client got no nonce');
      return ['401 Unauthorized: use_dpop_nonce', `DPoP-Nonce: ${nonce}`];
    },
  );

  const proof = await exporter.proof(resource, nonce);
  await narrator.step('The client sends a proof that contains this nonce: accepted', async () => {
    const { status, body } = await get(resource, { authorization: `DPoP ${token}`, dpop: proof });
    const jkt = await calculateThumbprint(exporter.keyPair.publicKey);
    expect(status === 200, `it was answered ${status}`);
    expect((body.boundTo as { jkt?: string }).jkt === jkt, 'the token is bound to another key');
    // The previous call was rejected because of its proof, but its token was introspected. This call used the cache.
    expect(introspections() === 1, `the token was introspected ${introspections()} times`);
    return [
      `200 OK: ${JSON.stringify(body.reports)}, for ${String(body.caller)}`,
      'The application has introspected the token once, at the authorization server:',
      `the token is bound to the key ${jkt}, and this key has signed the proof`,
    ];
  });
  return { token, proof, nonce };
}
