import * as dpop from 'dpop';
import * as openid from 'openid-client';
import { Wire } from '../walk-through/wire.js';
import { EXPORTER } from './clients.js';

export interface Answer {
  status: number;
  /** The value of `WWW-Authenticate`, empty if there is none. */
  challenge: string;
  /** The nonce for the next proof, if the server sent one. */
  nonce: string | undefined;
  body: Record<string, unknown>;
}

/**
 * A client that uses openid-client. It never sends its private key. `proof()` makes a proof for a request that the
 * walk-through sends itself.
 */
export class Exporter {
  readonly wire = new Wire();
  token = '';

  private constructor(
    private readonly configuration: openid.Configuration,
    readonly keyPair: openid.CryptoKeyPair,
    private readonly handle: openid.DPoPHandle,
  ) {}

  /** Creates an exporter: reads the metadata of the authorization server, and makes a key pair. */
  static async discover(issuer: string): Promise<Exporter> {
    const { client_id: id, client_secret: secret } = EXPORTER;
    const configuration = await openid.discovery(
      new URL(issuer),
      id,
      undefined,
      openid.ClientSecretBasic(secret),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated only to warn; an issuer with http: on loopback needs this function
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

  /** Makes a proof for one request with the token (RFC 9449, section 4.2). */
  async proof(url: string, nonce?: string, keyPair = this.keyPair): Promise<string> {
    return dpop.generateProof(keyPair, url, 'GET', nonce, this.token);
  }

  /** Calls the resource as an application does: openid-client makes the proof. */
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

/** Sends a GET request with these header fields. Adds neither a token nor a proof. */
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
