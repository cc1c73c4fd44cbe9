import { describe, expect, it } from '@jest/globals';
import { McpAuthConfigurationError } from 'nestjs-mcp-auth';
import { stubTokens } from 'nestjs-mcp-auth/testing';

describe('stubTokens', () => {
  it.each(['', 'alice smith', 'alice@example.com', 'Zoë', 'a,b', 'Bearer alice'])(
    'refuses the name %j, which no request can send',
    (name) => {
      const stub = () => stubTokens({ [name]: {} });
      expect(stub).toThrow(McpAuthConfigurationError);
      expect(stub).toThrow(`cannot have a token ${JSON.stringify(name)}`);
    },
  );
});
