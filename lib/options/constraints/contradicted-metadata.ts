import { impliedMetadata, type SenderConstraints } from '../implied-metadata.js';

/** Which option decides what is published in a field. */
const DECIDED_BY = {
  dpopSigningAlgValuesSupported: 'dpop',
  dpopBoundAccessTokensRequired: 'dpop',
  tlsClientCertificateBoundAccessTokens: 'clientCertificate',
} as const;

/** A field by hand that says something else than what the options of the resource do. */
export function contradictedMetadataProblem(
  metadata: object,
  options: SenderConstraints,
): string | undefined {
  const implied: Record<string, unknown> = { ...impliedMetadata(options) };
  const byHand = metadata as Record<string, unknown>;
  for (const [field, option] of Object.entries(DECIDED_BY)) {
    if (byHand[field] !== undefined && canonical(byHand[field]) !== canonical(implied[field])) {
      return `contradicts the option "${option}" of the resource with ${field}; remove that, it is published as the option says`;
    }
  }
  return undefined;
}

/** The order of a list says nothing, and `false` is what is not published. */
function canonical(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...(value as unknown[])].sort() : (value ?? false));
}
