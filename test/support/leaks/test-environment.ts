import { channel } from 'node:diagnostics_channel';
import { TestEnvironment } from 'jest-environment-node';

interface CircusEvent {
  name: string;
  test?: { name: string };
}

/**
 * The test environment of Node with a leak detector. A test file fails if its output contains a token, an
 * authorization code, a secret or the claims of a token. This is checked when the file and its hooks are done.
 */
export default class LeakDetectingEnvironment extends TestEnvironment {
  handleTestEvent({ name, test }: CircusEvent): void {
    if (name === 'test_start') {
      channel('nestjs-mcp-auth:test:start').publish(test?.name);
    }
  }

  override async teardown(): Promise<void> {
    const leaks: string[] = [];
    channel('nestjs-mcp-auth:test:end').publish(leaks);
    await super.teardown();
    if (leaks.length > 0) {
      throw new Error(`Secrets were put out:\n${leaks.join('\n')}`);
    }
  }
}
