import { createHmac, randomBytes } from 'node:crypto';

/** The milliseconds for which a nonce is sent to clients. It is accepted for the same time afterwards. */
const STEP = 120_000;
/** The default secret. No other process knows it. */
const OWN_SECRET = randomBytes(32);

interface Nonces {
  readonly step: number;
  readonly current: string;
  readonly previous: string;
}

/**
 * The nonces of an origin (RFC 9449, section 9). They are derived from a secret and the time, so nothing is
 * stored. All instances that share the secret send and accept the same nonces.
 *
 * All resources of an origin share one nonce, because clients cache only the last nonce of each server. With
 * a nonce for each resource, a client would be rejected whenever it calls another resource.
 */
export class DpopNonces {
  readonly #secret: string | Buffer;
  readonly #origin: string;
  #nonces: Nonces | undefined;

  constructor(origin: string, secret: string | Buffer = OWN_SECRET) {
    this.#origin = origin;
    this.#secret = secret;
  }

  /** The nonce to send to clients. */
  get current(): string {
    return this.now().current;
  }

  /** Returns `true` for the nonce of the current time step, and for that of the step before. */
  accepts(nonce: unknown): boolean {
    const { current, previous } = this.now();
    return nonce === current || nonce === previous;
  }

  private now(): Nonces {
    const step = Math.floor(Date.now() / STEP);
    if (this.#nonces?.step !== step) {
      this.#nonces = { step, current: this.at(step), previous: this.at(step - 1) };
    }
    return this.#nonces;
  }

  private at(step: number): string {
    return createHmac('sha256', this.#secret)
      .update(`dpop-nonce ${step} ${this.#origin}`)
      .digest('base64url');
  }
}
