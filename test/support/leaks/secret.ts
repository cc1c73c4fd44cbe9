import { channel } from 'node:diagnostics_channel';

/** The channel on which secrets are announced to the leak detector. */
export const SECRETS = channel('nestjs-mcp-auth:test:secret');

/** Announces a secret, and returns it. From now on, no log, error or rejection may contain it. */
export function secret<T extends string>(value: T): T {
  SECRETS.publish(value);
  return value;
}
