import { generateKeyPair } from 'dpop';
import { expect, type Narrator } from '../walk-through/narrator.js';
import { get, type Exporter } from './exporter.js';
import type { Seen } from './proof-steps.js';
import type { Scene } from './scene.js';

/** Somebody has read a whole request. With a Bearer token, that would be all it takes. */
export async function tellTheft(
  narrator: Narrator,
  { resource }: Scene,
  exporter: Exporter,
  { token, proof, nonce }: Seen,
): Promise<void> {
  const refused = async (headers: Record<string, string>, error: string) => {
    const { status, body } = await get(resource, headers);
    expect(status === 401 && body.error === error, `it was answered ${status}, not ${error}`);
    return [`401 Unauthorized: ${error}`, String(body.error_description)];
  };

  await narrator.step('A thief sends the same request again: refused', () =>
    refused({ authorization: `DPoP ${token}`, dpop: proof }, 'invalid_dpop_proof'),
  );

  await narrator.step('The thief sends the token as a plain Bearer token: refused', () =>
    refused({ authorization: `Bearer ${token}` }, 'invalid_token'),
  );

  await narrator.step('The thief makes a proof with another key: refused', async () => {
    const dpop = await exporter.proof(resource, nonce, await generateKeyPair('ES256'));
    return refused({ authorization: `DPoP ${token}`, dpop }, 'invalid_token');
  });
}
