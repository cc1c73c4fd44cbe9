import { ASYMMETRIC_ALGORITHMS } from './jwt.options.js';
import type { DpopOptions, DpopMode } from './dpop.options.js';

/** The options that decide how tokens are bound to their senders. */
export interface SenderConstraints {
  dpop?: DpopMode | DpopOptions;
  clientCertificate?: unknown;
}

/** The metadata of the resource that follows from these options (RFC 9728, section 2). */
export interface ImpliedMetadata {
  dpopSigningAlgValuesSupported?: string[];
  dpopBoundAccessTokensRequired?: true;
  tlsClientCertificateBoundAccessTokens?: true;
}

export function impliedMetadata({
  dpop = 'off',
  clientCertificate,
}: SenderConstraints): ImpliedMetadata {
  const { mode, algorithms }: DpopOptions = typeof dpop === 'string' ? { mode: dpop } : dpop;
  return {
    ...(mode !== 'off' && {
      dpopSigningAlgValuesSupported: [algorithms ?? ASYMMETRIC_ALGORITHMS].flat(),
    }),
    ...(mode === 'required' && { dpopBoundAccessTokensRequired: true }),
    ...(clientCertificate !== undefined && { tlsClientCertificateBoundAccessTokens: true }),
  };
}
