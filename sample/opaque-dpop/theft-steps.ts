import { generateKeyPair } from 'dpop';
import { expect, type Narrator } from '../walk-through/narrator.js';
import { get, type Exporter } from './exporter.js';
import type { Seen } from './proof-steps.js';
import type { Scene } from './scene.js';

/** Shows that a thief who has read a whole request cannot use its token. The thief could use a bearer token. */
export async function tellTheft(
  narrator: Narrator,
  { resource }: Scene,
  exporter: Exporter,
  { token, proof, nonce }: Seen,
): Promise<void> {
  const expectRejected = async (headers: Record<string, string>, error: string) => {
    const { status, body } = await get(resource, headers);
    expect(status === 401 && body.error === error, `it was answered ${status}, not ${error}`);
    return [`401 Unauthorized: ${error}`, String(body.error_description)];
  };

  await narrator.step('A thief sends the same request again: rejected', () =>
    expectRejected({ authorization: `DPoP ${token}`, dpop: proof }, 'invalid_dpop_proof'),
  );

  await narrator.step('The thief sends the token as a plain Bearer token: rejected', () =>
    expectRejected({ authorization: `Bearer ${token}` }, 'invalid_token'),
  );

  await narrator.step('The thief makes a proof with another key: rejected', async () => {
    const dpop = await exporter.proof(resource, nonce, await generateKeyPair('ES256'));
    return expectRejected({ authorization: `DPoP ${token}`, dpop }, 'invalid_token');
  });
}
