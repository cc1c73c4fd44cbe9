import { channel } from 'node:diagnostics_channel';

/** On which secrets are announced to whoever looks for leaks. */
export const SECRETS = channel('nestjs-mcp-auth:test:secret');

/** From now on this must turn up in no log, no error and no refusal; gives it back. */
export function secret<T extends string>(value: T): T {
  SECRETS.publish(value);
  return value;
}
