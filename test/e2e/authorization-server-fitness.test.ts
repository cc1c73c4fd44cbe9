import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { RequireScopes, type ProtectedResourceOptions } from 'nestjs-mcp-auth';
import { adapters, bearer, oneResource, RESOURCE, startApp } from '../support/app.js';
import { logsOf } from '../support/logs-of.js';
import { useIssuer } from '../support/serve.js';

@Controller('notes')
class NotesController {
  @Get() @RequireScopes('read:notes', { anyOf: ['admin', 'audit'] }) list() {
    return [];
  }
}

describe.each(adapters)('what an authorization server lacks for a resource, on %s', (adapter) => {
  const issuer = useIssuer({ per: 'test' });

  /** Starts an application, sends one token, and returns what was logged about the issuer. */
  const findings = async (
    discovery: 'eager' | 'on-demand',
    dpop: 'accepted' | 'required',
    resource: Partial<ProtectedResourceOptions> = {},
  ) => {
    const token = await issuer.mint({ audience: RESOURCE });
    const lines = await logsOf(async (logger) => {
      const { url } = await startApp({
        adapter,
        options: { ...oneResource(issuer.url, { dpop, ...resource }), discovery },
        controllers: [NotesController],
        nest: { logger },
      });
      await fetch(`${url}/notes`, bearer(token));
      await fetch(`${url}/notes`, bearer(token));
    });
    const about = (line: string) =>
      /MCP clients get no usable token|About the authorization/.test(line);
    return { warn: lines.warn.filter(about), debug: lines.debug.filter(about) };
  };

  it.each(['eager', 'on-demand'] as const)(
    'is logged once, with discovery %s',
    async (discovery) => {
      issuer.metadata = {
        scopes_supported: ['read:notes', 'admin'],
        protected_resources: ['https://other.example.com'],
      };
      const { warn, debug } = await findings(discovery, 'required');
      const last = debug.at(-1);
      expect(warn).toEqual([
        expect.stringMatching(
          /^MCP clients get no usable token from \S+: None of the DPoP algorithms of the resource \(.*ES256.*\) is among dpop_signing_alg_values_supported\. .* \(required_dpop_not_supported\)$/,
        ),
      ]);
      expect(last).toContain(
        `Scopes that ${RESOURCE} requires are not among scopes_supported: audit. Clients may not be able to get them. (required_scopes_not_supported)`,
      );
      expect(last).toContain(`${RESOURCE} is not among protected_resources`);
    },
  );

  it('is nothing if the server supports what the resource needs', async () => {
    issuer.metadata = {
      scopes_supported: ['read:notes', 'admin', 'audit'],
      protected_resources: [RESOURCE],
      dpop_signing_alg_values_supported: ['ES256'],
    };
    expect(await findings('on-demand', 'required')).toEqual({ warn: [], debug: [] });
  });

  it('is determined with the scope names that clients request', async () => {
    issuer.metadata = {
      scopes_supported: ['api://notes/read:notes', 'api://notes/admin', 'audit'],
      dpop_signing_alg_values_supported: ['ES256'],
    };
    const { debug } = await findings('on-demand', 'required', { scopePrefix: 'api://notes/' });
    expect(debug).toEqual([expect.stringContaining('scopes_supported: api://notes/audit.')]);
  });

  it('does not keep clients out if DPoP is only accepted', async () => {
    const { warn, debug } = await findings('on-demand', 'accepted');
    expect(warn).toEqual([]);
    expect(debug).toEqual([expect.stringContaining('(accepted_dpop_not_supported)')]);
  });
});
