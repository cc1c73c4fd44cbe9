import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { getOrMake } from '../../cache/get-or-make.js';
import { SlidingWindow } from '../../async/sliding-window.js';
import { InvalidAuthorizationServerMetadataError } from '../../errors/authorization-server.error.js';
import type { AuthorizationServerMetadata } from '../../metadata/authorization-server-metadata.js';
import { AuthorizationServerMetadataService } from '../metadata/authorization-server-metadata.service.js';
import {
  AuthorizationServerRegistry,
  type ConfiguredAuthorizationServer,
} from '../authorization-server-registry.js';
import { fetchJson } from '../fetching/fetch-json.js';
import type { DocumentCondition } from '../fetching/cached-document.js';
import type { Fetched, RemoteDocument } from '../fetching/remote-document.js';
import { sortKeys, type JwkSet } from '../../token/signature-keys.js';
import { UnusableKeysLog } from './unusable-keys-log.js';

/** A JWK Set, and its URL. */
interface PublishedKeys {
  readonly uri: string;
  readonly keys: JwkSet;
}

interface CachedKeys {
  readonly document: RemoteDocument<PublishedKeys>;
  /**
   * The limit of fetches for signatures that the key with the token's key id did not make. It is smaller than
   * the limit for unknown key ids, and counts separately.
   */
  readonly badSignatures: SlidingWindow;
}

/**
 * Provides the JWK Sets of the authorization servers. They are fetched on demand, cached, and renewed in
 * the background. If the metadata names another URL, the old set is used only if the new one cannot be fetched.
 */
@Injectable()
export class JwkSetService {
  private readonly unusable = new UnusableKeysLog();
  private readonly cached = new WeakMap<ConfiguredAuthorizationServer, CachedKeys>();

  constructor(
    private readonly metadata: AuthorizationServerMetadataService,
    private readonly servers: AuthorizationServerRegistry,
  ) {}

  /** Returns the server's keys. Fetches them if no keys are cached, or if the cached keys are too old. */
  async get(server: ConfiguredAuthorizationServer): Promise<JwkSet> {
    return this.current(server) ?? this.fetched(server);
  }

  /**
   * Fetches the server's keys again, for a token signed with a key that is not among the cached keys. Returns
   * the cached keys if they were fetched too often.
   */
  async refresh(server: ConfiguredAuthorizationServer): Promise<JwkSet> {
    if (server.keys !== undefined) {
      return server.keys;
    }
    await this.metadata.documentOf(server).get();
    return (await this.cachedKeysOf(server).document.refresh()).keys;
  }

  /**
   * Fetches the server's keys again, for a signature that the key with the token's key id did not make. The
   * allowance for these fetches is smaller than the allowance of `refresh`.
   */
  async refreshForSignature(server: ConfiguredAuthorizationServer): Promise<JwkSet> {
    if (server.keys !== undefined) {
      return server.keys;
    }
    const { document, badSignatures } = this.cachedKeysOf(server);
    return (await document.refresh(badSignatures)).keys;
  }

  /**
   * Returns the cached keys if `get` would return them without waiting. Either their lifetime is not over and the
   * metadata still names their URL, or newer keys cannot be fetched and the cached keys are not too old.
   */
  current(server: ConfiguredAuthorizationServer): JwkSet | undefined {
    return server.keys ?? this.cached.get(server)?.document.current()?.keys;
  }

  /** Returns the condition of the server's JWK Set; `undefined` if the options contain the keys. */
  conditionOf(server: ConfiguredAuthorizationServer): DocumentCondition | undefined {
    return server.keys === undefined ? this.cachedKeysOf(server).document.condition : undefined;
  }

  private async fetched(server: ConfiguredAuthorizationServer): Promise<JwkSet> {
    const { document } = this.cachedKeysOf(server);
    try {
      await this.metadata.documentOf(server).get();
    } catch (error) {
      const fallback = document.fallback();
      if (fallback === undefined) {
        throw error;
      }
      return fallback.keys;
    }
    return (await document.get()).keys;
  }

  private cachedKeysOf(server: ConfiguredAuthorizationServer): CachedKeys {
    return getOrMake(this.cached, server, () => ({
      document: this.servers.cacheDocument<PublishedKeys>(
        { issuer: server.issuer, document: 'jwks' },
        (keys) => this.fetch(server, keys),
        ({ uri }) => this.isPublishedAt(uri, server),
      ),
      badSignatures: new SlidingWindow(2, 30_000),
    }));
  }

  /**
   * Returns whether the metadata names this URL. If the metadata cannot be fetched, the set counts as not
   * moved.
   */
  private isPublishedAt(uri: string, server: ConfiguredAuthorizationServer): boolean {
    const metadata = this.metadata.documentOf(server);
    const current = metadata.current();
    return current === undefined ? metadata.isDown : current.jwksUri === uri;
  }

  /**
   * Fetches the keys from the URL that the metadata names. If that fails, the metadata may be wrong or old,
   * so it is fetched again. If the server gave an invalid answer, this attempt waits for the new metadata. If the
   * keys are unavailable, only the next attempt uses the new metadata.
   */
  private async fetch(
    server: ConfiguredAuthorizationServer,
    cached: PublishedKeys | undefined,
  ): Promise<Fetched<PublishedKeys>> {
    const metadata = this.metadata.documentOf(server);
    const named = await metadata.get();
    try {
      return await this.fetchFrom(named, server, cached);
    } catch (error) {
      const renewal = metadata.renew().catch(() => named);
      const didAnswer = error instanceof InvalidAuthorizationServerMetadataError;
      const renewed = didAnswer ? await renewal : named;
      if (renewed.jwksUri === named.jwksUri) {
        throw error;
      }
      return this.fetchFrom(renewed, server, cached);
    }
  }

  /** Fetches the keys from a URL. A set without a key is valid: all keys were withdrawn. */
  private async fetchFrom(
    { jwksUri: uri }: AuthorizationServerMetadata,
    server: ConfiguredAuthorizationServer,
    cached: PublishedKeys | undefined,
  ): Promise<Fetched<PublishedKeys>> {
    if (uri === undefined) {
      throw new InvalidAuthorizationServerMetadataError(
        `The authorization server ${server.issuer} publishes no JWK Set (jwks_uri), so its JWTs cannot be verified. If it has one, add "jwks_uri" with transformMetadata, or "jwksUri" to metadata written by hand. To introspect its tokens instead, set "introspection" of this authorization server.`,
      );
    }
    const { value, lifetime } = await fetchJson(uri, server.bounds);
    if (!Array.isArray(value.keys)) {
      throw new InvalidAuthorizationServerMetadataError(`${uri} is not a JWK Set.`);
    }
    const sorted = sortKeys({ keys: value.keys });
    this.unusable.report(server, sorted);
    const { usable } = sorted;
    const isSameSet = cached && isSame(cached.keys.jwks(), usable);
    return { value: { uri, keys: isSameSet ? cached.keys : createLocalJWKSet(usable) }, lifetime };
  }
}

function isSame(one: JSONWebKeySet, other: JSONWebKeySet): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
