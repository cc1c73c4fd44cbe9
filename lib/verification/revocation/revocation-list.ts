import { Injectable } from '@nestjs/common';
import type { AuthInfo } from '../../auth-info/auth-info.js';
import { oncePerCaller } from '../../auth-info/caller-internals.js';
import { InvalidTokenError } from '../../errors/invalid-token.error.js';
import { McpAuthModuleSettings } from '../../options/mcp-auth-module.options.js';
import { StateStore } from '../../store/state-store.js';
import { revocationGrounds, type RevocationGround } from './revocation-grounds.js';

/** The keys are hashed once for each cached caller, not with each request. */
const groundsOf = oncePerCaller(revocationGrounds);

/** The revocations in the store. */
@Injectable()
export class RevocationList {
  /**
   * `false` if the store cannot hold any revocation yet. Without a `store` in the options, only this
   * instance writes to the store.
   */
  private mayHoldAny: boolean;

  constructor(
    private readonly state: StateStore,
    { store, revocation }: McpAuthModuleSettings,
  ) {
    this.mayHoldAny = store !== undefined && revocation !== false;
  }

  async get(key: string): Promise<string | undefined> {
    const [value] = await this.state.get([key]);
    return value;
  }

  put(key: string, value: string, seconds: number): void | Promise<void> {
    this.mayHoldAny = true;
    return this.state.put(key, value, seconds);
  }

  /**
   * Returns `true` if a caller's token may be on the list. Only the store can tell whether the token is on the list.
   */
  mayHold(caller: AuthInfo | undefined): caller is AuthInfo {
    return caller !== undefined && this.mayHoldAny;
  }

  /**
   * Checks that a caller's token is not revoked. It asks the store each time, since another instance may
   * have revoked the token just now.
   *
   * @throws InvalidTokenError if it is revoked
   * @throws StateStoreUnavailableError if the store cannot be asked
   */
  async assertNotRevoked(caller: AuthInfo): Promise<void> {
    if (!this.mayHold(caller)) {
      return;
    }
    const grounds = groundsOf(caller);
    const values = await this.state.get(grounds.map(({ key }) => key));
    if (grounds.some(({ applies }, index) => isRevokedBy(applies, values[index]))) {
      throw new InvalidTokenError('revoked');
    }
  }
}

function isRevokedBy(applies: RevocationGround['applies'], value: string | undefined): boolean {
  return value !== undefined && applies(value);
}
