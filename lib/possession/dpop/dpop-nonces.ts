import { createHmac, randomBytes } from 'node:crypto';

/** Milliseconds for which one nonce is given; it is accepted for as long again. */
const STEP = 120_000;
/** What nonces are derived from where nothing is given: no other process knows it. */
const OWN_SECRET = randomBytes(32);

interface Nonces {
  readonly step: number;
  readonly current: string;
  readonly previous: string;
}

/**
 * The nonces of an origin (RFC 9449, section 9), derived from a secret and the time: whoever shares the
 * secret gives and accepts the same ones, and nothing is stored. Clients keep the last nonce of each
 * server, so that one for each resource would have them refused whenever they turn to another.
 */
export class DpopNonces {
  readonly #secret: string | Buffer;
  readonly #origin: string;
  #nonces: Nonces | undefined;

  constructor(origin: string, secret: string | Buffer = OWN_SECRET) {
    this.#origin = origin;
    this.#secret = secret;
  }

  /** The nonce to give. */
  get current(): string {
    return this.now().current;
  }

  /** Whether a nonce was given within the current time step or the one before. */
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
