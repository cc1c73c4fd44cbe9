import { Injectable } from '@nestjs/common';
import { IntrospectionClients } from './introspection/introspection-clients.js';
import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { isOpaqueToken, isB64Token } from '../token/token-grammar.js';

/** Says which characters the tokens of a resource may have, by who verifies them. */
@Injectable()
export class TokenForms {
  constructor(private readonly introspection: IntrospectionClients) {}

  /** Whether anybody but this library can say what a token of this resource means. */
  mayBeOpaque(resource: ProtectedResource): boolean {
    return (
      resource.tokenVerifier !== undefined ||
      resource.issuerResolver !== undefined ||
      this.introspection.of(resource).length > 0
    );
  }

  /** Whether a text can be a token of this resource, as far as its characters tell. */
  isToken(text: string, resource: ProtectedResource): boolean {
    // All but a few tokens are of the narrower grammar.
    return isB64Token(text) || (isOpaqueToken(text) && this.mayBeOpaque(resource));
  }
}
