import * as dpop from 'dpop';
import * as openid from 'openid-client';
import { Wire } from '../walk-through/wire.js';
import { EXPORTER } from './clients.js';

export interface Answer {
  status: number;
  /** The challenge of a refusal. */
  challenge: string;
  /** The nonce for the next proof, if one was given. */
  nonce: string | undefined;
  body: Record<string, unknown>;
}

/** A client on openid-client, with a key that never leaves it. Proofs are made by hand to be shown. */
export class Exporter {
  readonly wire = new Wire();
  token = '';

  private constructor(
    private readonly configuration: openid.Configuration,
    readonly keyPair: openid.CryptoKeyPair,
    private readonly handle: openid.DPoPHandle,
  ) {}

  /** Reads the metadata of the authorization server. */
  static async discover(issuer: string): Promise<Exporter> {
    const { client_id: id, client_secret: secret } = EXPORTER;
    const configuration = await openid.discovery(
      new URL(issuer),
      id,
      undefined,
      openid.ClientSecretBasic(secret),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- so that it is seen; for loopback
      { execute: [openid.allowInsecureRequests] },
    );
    const keyPair = await openid.randomDPoPKeyPair('ES256');
    const handle = openid.getDPoPHandle(configuration, keyPair);
    const exporter = new Exporter(configuration, keyPair, handle);
    configuration[openid.customFetch] = exporter.wire.fetch;
    return exporter;
  }

  get metadata(): openid.ServerMetadata {
    return this.configuration.serverMetadata();
  }

  /** Gets a token for the resource, bound to the key. */
  async authorize(resource: string): Promise<openid.TokenEndpointResponse> {
    const parameters = { resource, scope: 'read:reports' };
    const options = { DPoP: this.handle };
    const granted = await openid.clientCredentialsGrant(this.configuration, parameters, options);
    this.token = granted.access_token;
    return granted;
  }

  /** A proof for one request with the token (RFC 9449, section 4.2). */
  async proof(url: string, nonce?: string, keyPair = this.keyPair): Promise<string> {
    return dpop.generateProof(keyPair, url, 'GET', nonce, this.token);
  }

  /** All that the methods above are for, as an application writes it. */
  async fetch(url: string): Promise<Answer> {
    const options = { DPoP: this.handle };
    const { configuration, token } = this;
    return answerOf(
      await openid.fetchProtectedResource(
        configuration,
        token,
        new URL(url),
        'GET',
        undefined,
        undefined,
        options,
      ),
    );
  }
}

/** A request just as it is written here. */
export async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(await fetch(url, { headers }));
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return {
    status,
    challenge: headers.get('www-authenticate') ?? '',
    nonce: headers.get('dpop-nonce') ?? undefined,
    body: (await response.json()) as Answer['body'],
  };
}
