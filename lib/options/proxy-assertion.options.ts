import { ValidateIf } from 'class-validator';
import type { KeysByHand } from '../token/keys-by-hand.js';
import { ClaimsSettings, type ClaimsOptions } from './claims.options.js';
import { AreKeysByHand } from './constraints/are-keys-by-hand.js';
import { AreSubnets, IsHeaderName } from './constraints/trusted-header.js';
import { IsSecureUrl } from './constraints/urls.js';
import { IsNonEmptyString } from './constraints/values.js';
import type { Form } from './plain.js';
import { constraint } from './validation/constraint.js';
import { OneOrMore } from './validation/each-item.js';
import { Nested } from './validation/nested.js';
import { OnlyIf } from './validation/only-if.js';
import { Optional } from './validation/optional.js';

/**
 * The JWT in which a proxy names the user who has logged in there, and the keys of that proxy: fetched from a URL, or
 * written in the options.
 *
 * @experimental It may change in any version.
 */
export type ProxyAssertionOptions =
  | Form<ProxyAssertionSettings, 'header' | 'issuer' | 'audience' | 'jwksUri', 'jwks'>
  | Form<ProxyAssertionSettings, 'header' | 'issuer' | 'audience' | 'jwks', 'jwksUri'>;

/**
 * The header fields that have another meaning. If a request has two fields of one of these names, Node often drops the
 * second field instead of joining both.
 */
const TAKEN =
  /^(?:(?:proxy-)?authorization|dpop|(?:set-)?cookie|origin|host|referer|user-agent|from|server|location|age|etag|expires|last-modified|retry-after|max-forwards|if-.+|content-.+)$/i;

const IsOwnHeader = constraint('isOwnHeader', (value) => {
  if (/^x-amzn-oidc-data$/i.test(String(value))) {
    return 'cannot be that of an AWS load balancer, which holds no JWT of RFC 7519 and names no audience; see docs/behind-a-cloud-proxy.md';
  }
  return TAKEN.test(String(value))
    ? 'must be a header field that only the proxy sets, such as "Cf-Access-Jwt-Assertion"'
    : undefined;
});

/** The class that validates {@link ProxyAssertionOptions}. */
export class ProxyAssertionSettings {
  /**
   * The header field in which the proxy sends the JWT, such as `Cf-Access-Jwt-Assertion`. A JWT in any other
   * field is **not** accepted as an assertion.
   */
  @IsHeaderName('Cf-Access-Jwt-Assertion')
  @IsOwnHeader()
  header!: string;

  /** The claim `iss` of the proxy's JWTs. It is compared exactly, and it is not published. */
  @IsNonEmptyString()
  issuer!: string;

  /**
   * The accepted `aud` values: the identifier of this application at the proxy. Do **not** name an audience
   * that other applications behind the proxy have too, or they can act as each user here.
   */
  @OneOrMore(IsNonEmptyString())
  audience!: string | string[];

  /** The URL of the JWK Set with the proxy's public keys. It is fetched like the JWK Set of an authorization server. */
  @ValidateIf(
    ({ jwks, jwksUri }: ProxyAssertionSettings) => jwks === undefined || jwksUri !== undefined,
  )
  @OnlyIf<ProxyAssertionSettings>(
    ({ jwks, jwksUri }) => jwks !== undefined || jwksUri !== undefined,
    'is missing, and so is "jwks"; give one of the two. Is an environment variable not set?',
  )
  @OnlyIf<ProxyAssertionSettings>(
    ({ jwks }) => jwks === undefined,
    'contradicts "jwks", with which nothing is fetched; remove one of the two',
  )
  @IsSecureUrl()
  jwksUri?: string;

  /** The public keys of the proxy, as `jwks` of an authorization server. Nothing is fetched then. */
  @Optional()
  @AreKeysByHand()
  jwks?: KeysByHand;

  /**
   * The addresses from which the proxy connects: single addresses, such as `10.1.2.3`, or subnets, such as
   * `10.0.0.0/8`. A request with the header field from any other address is rejected with 400.
   *
   * @defaultValue the header field is accepted from any address: a stolen JWT is then accepted from anyone
   * until it expires
   */
  @Optional()
  @AreSubnets()
  trustedProxies?: string[];

  /**
   * The claims to read. Most proxies write no scopes: a function can decide on the scopes, for example by the group or
   * the e-mail address of the user. The `claims` of the resource are not used.
   *
   * @defaultValue the standard claims, as for access tokens; if they contain no scopes, the caller has no scopes
   */
  @Optional()
  @Nested(() => ClaimsSettings)
  claims?: ClaimsOptions;
}
