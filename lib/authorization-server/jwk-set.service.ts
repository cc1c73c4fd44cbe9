import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { InvalidAuthorizationServerMetadataError } from '../errors/authorization-server.error.js';
import { AuthorizationServerMetadataService } from './authorization-server-metadata.service.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from './authorization-server-registry.js';
import { fetchJson, type FetchBounds } from './fetch-json.js';
import type { Fetched, RemoteDocument } from './remote-document.js';
import { signatureKeys } from './signature-keys.js';

/** Finds the key that a JWS was signed with. As long as no key came or went it stays the same object. */
export type JwkSet = ReturnType<typeof createLocalJWKSet>;

/** The JWK Sets of the authorization servers: fetched on demand, kept, renewed in the background. */
@Injectable()
export class JwkSetService {
  private readonly sets = new WeakMap<
    ConfiguredAuthorizationServer,
    { uri: string; document: RemoteDocument<JwkSet> }
  >();

  constructor(
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly servers: AuthorizationServerRegistry,
  ) {}

  /** The server's keys; fetched if they are not here. */
  async get(server: ConfiguredAuthorizationServer): Promise<JwkSet> {
    return this.current(server) ?? (await this.document(server)).get();
  }

  /** The server's keys as they are now, for a token signed with a key that is not among them. */
  async refresh(server: ConfiguredAuthorizationServer): Promise<JwkSet> {
    return (await this.document(server)).refresh();
  }

  /** What `get` would answer without waiting: no other set has replaced it, nor has it outlived its use. */
  current(server: ConfiguredAuthorizationServer): JwkSet | undefined {
    const kept = this.sets.get(server);
    const isPublished = kept && this.metadata.of(server).current()?.jwksUri === kept.uri;
    return isPublished ? kept.document.current() : undefined;
  }

  private async document(server: ConfiguredAuthorizationServer): Promise<RemoteDocument<JwkSet>> {
    const { issuer, bounds } = server;
    const { jwksUri } = await this.metadata.of(server).get();
    if (jwksUri === undefined) {
      throw new InvalidAuthorizationServerMetadataError(
        `The authorization server ${issuer} publishes no JWK Set (jwks_uri): its JWTs cannot be verified.`,
      );
    }
    const kept = this.sets.get(server);
    if (kept?.uri === jwksUri) {
      return kept.document;
    }
    const document = this.servers.keep<JwkSet>((set) => fetchJwkSet(jwksUri, bounds, set));
    this.sets.set(server, { uri: jwksUri, document });
    return document;
  }
}

/** A set without a key is an answer too: all keys were withdrawn. */
async function fetchJwkSet(
  uri: string,
  bounds: FetchBounds,
  kept: JwkSet | undefined,
): Promise<Fetched<JwkSet>> {
  const {
    value: { keys },
    lifetime,
  } = await fetchJson(uri, bounds);
  if (!Array.isArray(keys)) {
    throw new InvalidAuthorizationServerMetadataError(`${uri} is not a JWK Set.`);
  }
  const usable = signatureKeys({ keys });
  const value = kept && isSame(kept.jwks(), usable) ? kept : createLocalJWKSet(usable);
  return { value, lifetime };
}

function isSame(one: JSONWebKeySet, other: JSONWebKeySet): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
