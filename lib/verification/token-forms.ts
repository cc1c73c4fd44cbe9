import { Injectable } from '@nestjs/common';
import { namedVerifiers } from './built-in-verifiers.js';
import { IntrospectionClients } from './introspection/introspection-clients.js';
import { JwtTokenVerifier } from './jwt/jwt-token-verifier.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { isOpaqueToken, isB64Token } from '../token/token-grammar.js';

/** Decides which characters the tokens of a resource may have. This depends on how they are verified. */
@Injectable()
export class TokenForms {
  constructor(private readonly introspection: IntrospectionClients) {}

  /**
   * Returns whether a token of this resource may be opaque. A verifier of the application, introspection, or
   * an authorization server that a resolver names may accept opaque tokens.
   */
  mayBeOpaque(resource: ProtectedResource): boolean {
    return resource.tokenVerifier === undefined
      ? resource.issuerResolver !== undefined || this.introspection.of(resource).length > 0
      : namedVerifiers(resource).some((verifier) => verifier !== JwtTokenVerifier);
  }

  /** Returns whether the characters of a text allow it to be a token of this resource. */
  isToken(text: string, resource: ProtectedResource): boolean {
    // Nearly all tokens match the narrower grammar.
    return isB64Token(text) || (isOpaqueToken(text) && this.mayBeOpaque(resource));
  }
}
