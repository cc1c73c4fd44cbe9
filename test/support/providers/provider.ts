import type { KnownAuthorizationServer, ProtectedResourceOptions } from 'nestjs-mcp-auth';
import type { Issuer } from '../issuer.js';

/** The resource identifier in the examples of docs/providers. */
export const MCP = 'https://api.example.com/mcp';

export interface SampleToken {
  name: string;
  /** `true` for an opaque token. The introspection endpoint answers with `claims` for it. */
  isOpaque?: boolean;
  header?: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** The scope that the handler requires. */
  needs?: string;
}

/** Tokens of the shape that a provider documents, and the options that make them work. */
export interface Provider {
  name: string;
  issuer: string;
  algorithm?: string;
  /** Returns the options of docs/providers. `server` names the keys of the test in place of the real keys. */
  options: (server: KnownAuthorizationServer) => ProtectedResourceOptions;
  /** Returns a `fetch` that answers as the provider does. It is needed if the options name the real provider. */
  answers?: (keys: Issuer, opaque: ReadonlyMap<string, object>) => typeof fetch;
  /** The header of every token of the provider. */
  header?: Record<string, unknown>;
  accepted: (SampleToken & { caller: Record<string, unknown> })[];
  refused: (SampleToken & { status: 401 | 403; description: string; challenge?: string })[];
}

export const AUDIENCE = 'The access token is not meant for this resource.';
export const ISSUER = 'The access token was issued by an authorization server that is not trusted.';
export const CLAIM = 'A claim of the access token is missing or malformed.';
export const TYPE = 'The access token is of a type that is not accepted.';
export const SCOPE = 'The access token lacks a scope that this operation needs.';

/** Returns the case of a valid token without a scope that the handler requires. */
export function withoutScope(
  claims: SampleToken['claims'],
  needs: string,
): Provider['refused'][number] {
  return { name: 'a token without the scope', claims, needs, status: 403, description: SCOPE };
}
