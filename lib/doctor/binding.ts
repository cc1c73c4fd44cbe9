import type { ServerConfigResource } from '../authorization-server/metadata/server-checks.js';
import type { AuthorizationServerMetadata } from '../metadata/authorization-server-metadata.js';
import type { ExaminedChallenge } from './challenge.js';
import { ok, problem, skipped, warning, type Finding } from './finding.js';
import type { FoundDocument } from './resource-metadata.js';
import { strings } from './resource-members.js';

type Members = FoundDocument['members'];

/** Returns what a resource says about DPoP, for the check of its authorization servers. */
export function dpopPolicy(
  members: Members,
  { dpop }: ExaminedChallenge,
): ServerConfigResource['dpop'] {
  const listed = strings(members.dpop_signing_alg_values_supported);
  const algorithms = listed.length > 0 ? listed : (dpop?.params.get('algs')?.split(' ') ?? []);
  const isRequired = members.dpop_bound_access_tokens_required === true;
  return algorithms.length === 0
    ? undefined
    : { mode: isRequired ? 'required' : 'accepted', algorithms };
}

/** Checks that metadata and challenge agree about DPoP (RFC 9449, section 7.1; RFC 9728, section 2). */
export function dpop(members: Members, { dpop: challenge, params }: ExaminedChallenge): Finding {
  const isRequired = members.dpop_bound_access_tokens_required === true;
  const isAnnounced = isRequired || members.dpop_signing_alg_values_supported !== undefined;
  if (!isAnnounced && challenge === undefined) {
    return skipped('dpop', 'DPoP is not announced.');
  }
  if (challenge === undefined && params !== undefined) {
    return warning(
      'dpop',
      'The metadata announces DPoP, but the challenge has no scheme DPoP.',
      'Also send a challenge of the scheme DPoP, or do not announce DPoP in the metadata.',
    );
  }
  return isAnnounced
    ? ok('dpop', `Tokens that DPoP binds to a key are ${isRequired ? 'required' : 'accepted'}.`)
    : warning(
        'dpop',
        'The challenge has the scheme DPoP, but the metadata does not announce it.',
        'List the algorithms in "dpop_signing_alg_values_supported".',
      );
}

/** Checks that the authorization servers bind tokens to certificates, if the resource needs it (RFC 8705). */
export function mutualTls(
  members: Members,
  servers: readonly AuthorizationServerMetadata[],
): Finding {
  if (members.tls_client_certificate_bound_access_tokens !== true) {
    return skipped('mtls', 'Tokens that are bound to a client certificate are not announced.');
  }
  return servers.some((server) => server.tlsClientCertificateBoundAccessTokens === true)
    ? ok('mtls', 'Tokens that are bound to a client certificate can be obtained.')
    : problem(
        'mtls',
        'The resource announces tokens that are bound to a client certificate, but no authorization server issues them.',
        'Turn tls_client_certificate_bound_access_tokens on at an authorization server, or do not announce such tokens.',
      );
}
