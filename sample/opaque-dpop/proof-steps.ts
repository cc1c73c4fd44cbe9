import { calculateThumbprint } from 'dpop';
import { expect, type Narrator } from '../walk-through/narrator.js';
import { get, type Exporter } from './exporter.js';
import type { Scene } from './scene.js';

/** A request as it went over the wire, for whoever listens. */
export interface Seen {
  token: string;
  proof: string;
  nonce: string;
}

/** The token is good for what the key is used for, request by request. */
export async function tellProofs(
  narrator: Narrator,
  { resource, introspections }: Scene,
  exporter: Exporter,
): Promise<Seen> {
  const { token } = exporter;
  let nonce = '';
  await narrator.step('It calls with the token and a proof, made by the dpop package', async () => {
    const dpop = await exporter.proof(resource);
    const answer = await get(resource, { authorization: `DPoP ${token}`, dpop });
    expect(answer.body.error === 'use_dpop_nonce', `it was answered ${answer.status}`);
    nonce = answer.nonce ?? '';
    expect(nonce !== '', 'it was given no nonce');
    return ['401 Unauthorized: use_dpop_nonce', `DPoP-Nonce: ${nonce}`];
  });

  const proof = await exporter.proof(resource, nonce);
  await narrator.step('It calls with a proof that holds this nonce: let in', async () => {
    const { status, body } = await get(resource, { authorization: `DPoP ${token}`, dpop: proof });
    const jkt = await calculateThumbprint(exporter.keyPair.publicKey);
    expect(status === 200, `it was answered ${status}`);
    expect((body.boundTo as { jkt?: string }).jkt === jkt, 'the token is bound to another key');
    // Once for the call before, which was refused for its proof, and not for this one.
    expect(introspections() === 1, `the token was introspected ${introspections()} times`);
    return [
      `200 OK: ${JSON.stringify(body.reports)}, for ${String(body.caller)}`,
      'What the token means, the application has asked the authorization server, once:',
      `it is bound to the key ${jkt}, by which the proof is signed`,
    ];
  });
  return { token, proof, nonce };
}
