import { scopeTokenProblem } from '../scope/scope-token.js';
import { secureUrlProblem } from '../url/secure-url.js';
import { shown } from './challenge.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';
import type { FoundDocument } from './resource-metadata.js';

type Members = FoundDocument['members'];

/** The greatest number of authorization servers that are asked. */
const MAX_SERVERS = 5;

/** Returns the authorization servers in the metadata that can be asked, and the finding about the list. */
export function authorizationServersIn({ authorization_servers: given }: Members): {
  issuers: readonly string[];
  finding: Finding;
} {
  const check = 'authorization_servers';
  const remedy = 'List the issuers of the authorization servers in "authorization_servers".';
  const named = strings(given);
  const issuers = named.slice(0, MAX_SERVERS);
  const limit = named.length > MAX_SERVERS ? ` Only the first ${MAX_SERVERS} are asked.` : '';
  const usable = issuers.filter((issuer) => secureUrlProblem(issuer, true) === undefined);
  if (issuers.length === 0) {
    const description = 'The metadata names no authorization server, so clients cannot log in.';
    return { issuers, finding: problem(check, description, remedy) };
  }
  const wrong = issuers.find((issuer) => !usable.includes(issuer));
  const finding =
    wrong === undefined
      ? ok(check, `The metadata names ${issuers.map(shown).join(', ')}.${limit}`)
      : problem(check, `This issuer ${secureUrlProblem(wrong, true)}: ${shown(wrong)}.`, remedy);
  return { issuers: usable, finding };
}

/** Checks how tokens are sent (RFC 9728, section 2). MCP clients send them in the header. */
export function bearerMethods({ bearer_methods_supported: methods }: Members): Finding {
  const check = 'bearer_methods';
  if (methods === undefined) {
    return skipped(check, 'The metadata does not say how tokens are sent.');
  }
  return strings(methods).includes('header')
    ? ok(check, 'Tokens may be sent in the header.')
    : problem(
        check,
        '"bearer_methods_supported" does not have "header", but MCP clients send tokens there only.',
        'Accept tokens in the header Authorization, and list "header".',
      );
}

/** Returns the scopes that clients may request: those of the challenge and those of the metadata. */
export function scopesOf(members: Members, challenged: string | undefined): readonly string[] {
  return [...new Set([...(challenged?.split(' ') ?? []), ...strings(members.scopes_supported)])];
}

/** Checks the scopes that clients may request. */
export function scopes(scopes: readonly string[]): Finding[] {
  if (scopes.length === 0) {
    return [skipped('scopes', 'Neither the challenge nor the metadata names scopes.')];
  }
  const wrong = scopes.find((scope) => scopeTokenProblem(scope) !== undefined);
  return [
    wrong === undefined
      ? ok('scopes', `Clients ask for ${scopes.slice(0, 20).map(shown).join(', ')}.`)
      : problem(
          'scopes',
          `${shown(wrong)} ${String(scopeTokenProblem(wrong))}.`,
          'Correct the scope, or remove it from the metadata.',
        ),
    ...offlineAccess(scopes),
  ];
}

function offlineAccess(scopes: readonly string[]): Finding[] {
  return scopes.includes('offline_access')
    ? [
        warning(
          'offline_access',
          'The resource asks for "offline_access", which only the client and the authorization server decide about.',
          'Remove "offline_access" from the scopes of the resource (MCP authorization, "Refresh Tokens").',
        ),
      ]
    : [ok('offline_access', 'The resource does not ask for "offline_access".')];
}

/** Returns the strings of a member. A server may have published a value of any type. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
