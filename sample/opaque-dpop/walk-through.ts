import { expect, Narrator } from '../walk-through/narrator.js';
import { tellArrival } from './arrival-steps.js';
import { get } from './exporter.js';
import { tellProofs } from './proof-steps.js';
import type { Scene } from './scene.js';
import { tellTheft } from './theft-steps.js';

/** Shows the requests of a client that knows only the URL, and of a thief who has read these requests. */
export async function walkThrough(scene: Scene): Promise<void> {
  const { resource, introspections, revoke } = scene;
  const narrator = new Narrator();
  const exporter = await tellArrival(narrator, scene);
  const seen = await tellProofs(narrator, scene, exporter);
  await tellTheft(narrator, scene, exporter, seen);

  await narrator.step(
    'The client calls again: openid-client makes the proof by itself',
    async () => {
      const { status, body } = await exporter.fetch(resource);
      expect(status === 200, `it was answered ${status}`);
      expect(introspections() === 1, 'the token was introspected again');
      return [
        `200 OK: ${JSON.stringify(body.reports)}`,
        'The new proof was checked. The content of the token was cached, so the token was not introspected again.',
      ];
    },
  );

  await narrator.step(
    'The operator revokes the tokens of the client: rejected at once',
    async () => {
      await revoke();
      const dpop = await exporter.proof(resource, seen.nonce);
      const { status, body } = await get(resource, { authorization: `DPoP ${seen.token}`, dpop });
      const description = String(body.error_description);
      expect(status === 401 && description.includes('revoked'), `it was answered ${status}`);
      return ['401 Unauthorized: invalid_token', description];
    },
  );
}
