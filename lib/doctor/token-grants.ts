import { InvalidTokenError } from '../errors/invalid-token.error.js';
import { confirmationOf, type Confirmation } from '../possession/confirmation.js';
import type { Claims } from '../token/claims-policy.js';
import { readClaims } from '../token/read-claims.js';
import { shown } from './challenge.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';

/**
 * Checks that the token has the scopes of the challenge. A missing scope is only a warning, because a server may
 * have a hierarchy of scopes.
 */
export function tokenScopes(claims: Claims, challenged: readonly string[]): Finding {
  const check = 'token_scopes';
  if (challenged.length === 0) {
    return skipped(
      check,
      'The challenge names no scopes. Single tools may need some: the 403 of a call names them.',
    );
  }
  const granted = scopesIn(claims);
  const missing = challenged.filter((scope) => !granted.includes(scope));
  return missing.length === 0
    ? ok(check, 'The token has the scopes of the challenge.')
    : warning(
        check,
        `The challenge asks for ${missing.map(shown).join(', ')}, which the token does not have.`,
        'Ask the authorization server for these scopes. Some providers write scopes into another claim, or leave out those that the user may not have.',
      );
}

function scopesIn(claims: Claims): readonly string[] {
  try {
    return readClaims({ ...claims, iss: '' }, {}).scopes ?? [];
  } catch {
    return [];
  }
}

/** Returns the keys that a token is bound to. Returns `undefined` if `cnf` cannot be read. */
export function bindingOf({ cnf }: Claims): Confirmation | undefined {
  try {
    return confirmationOf(cnf);
  } catch (error) {
    if (error instanceof InvalidTokenError) {
      return undefined;
    }
    throw error;
  }
}

/** Checks whether the token is bound to a key in the way that the resource needs. */
export function tokenBinding(binding: Confirmation | undefined, needsDpop: boolean): Finding {
  const check = 'token_binding';
  const remedy = 'Send a DPoP proof with the request for the token (RFC 9449, section 5).';
  if (binding === undefined) {
    const description = '"cnf" binds the token in a way that is not known here.';
    return warning(check, description, 'Use "jkt" (RFC 9449) or "x5t#S256" (RFC 8705).');
  }
  const { jkt, x5t } = binding;
  if (needsDpop && jkt === undefined) {
    return problem(
      check,
      'The resource requires DPoP, but the token is not bound to a key.',
      remedy,
    );
  }
  const ways = [
    ...(jkt === undefined ? [] : ['a key (DPoP)']),
    ...(x5t === undefined ? [] : ['a client certificate']),
  ];
  return ok(
    check,
    ways.length === 0
      ? 'The token is a bearer token: whoever has it can use it.'
      : `The token is bound to ${ways.join(' and ')}. Clients have to prove possession.`,
  );
}
