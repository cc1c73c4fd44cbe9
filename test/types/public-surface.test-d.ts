import type { CanActivate, Type } from '@nestjs/common';
import {
  type AuthorizationServerMetadata,
  AuthorizationServerMetadataService,
  BearerAuthGuard,
  fetchServerConfig,
  fetchServerConfigByWellKnownUrl,
  JwtTokenVerifier,
  McpAuthError,
  TokenVerifier,
  validateServerConfig,
} from 'nestjs-mcp-auth';
import type { Assignable, Equal, Expect } from './expect.js';

type Config = Awaited<ReturnType<typeof fetchServerConfig>>;

export type Surface = [
  Expect<Assignable<typeof BearerAuthGuard, Type<CanActivate>>>,
  Expect<Assignable<JwtTokenVerifier, TokenVerifier>>,
  Expect<Assignable<McpAuthError, Error>>,
  Expect<Assignable<McpAuthError['code'], string>>,
  Expect<Equal<Awaited<ReturnType<typeof fetchServerConfigByWellKnownUrl>>, Config>>,
  Expect<Assignable<Parameters<typeof validateServerConfig>[0], Config>>,
];

/** `get` and `refresh` of the service return metadata of the same type. */
export async function metadataOf(
  service: AuthorizationServerMetadataService,
): Promise<AuthorizationServerMetadata[]> {
  return [
    await service.get('https://auth.example.com'),
    await service.refresh('https://auth.example.com'),
  ];
}

export async function fetched(): Promise<unknown> {
  const config = await fetchServerConfig('https://auth.example.com', { type: 'oidc' });
  return validateServerConfig(config);
}

// @ts-expect-error -- abstract: it has to be extended
export type IsAbstract = Expect<Assignable<typeof TokenVerifier, Type<TokenVerifier>>>;

/** A verifier of an application can return a promise or a value, and only the issuer is required. */
export class OwnTokenVerifier extends TokenVerifier {
  override verify(token: string): { issuer: string; subject: string } {
    return { issuer: 'https://auth.example.com', subject: token };
  }
}
