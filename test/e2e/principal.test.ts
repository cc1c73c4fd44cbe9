import { describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { AuthInfo } from 'nestjs-mcp-auth';
import { principalOf } from '../../lib/auth-info/principal.js';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';

@Controller('whoami')
class WhoamiController {
  constructor(private readonly authInfo: AuthInfo) {}

  @Get('parameter') parameter(@AuthInfo('principal') principal: string) {
    return { principal };
  }

  @Get('injected') injected() {
    return { principal: this.authInfo.principal };
  }

  @Get('copied') copied(@AuthInfo() caller: AuthInfo) {
    return { members: Object.keys({ ...caller }), injected: Object.keys({ ...this.authInfo }) };
  }
}

describe.each(adapters)('the principal of a caller, on %s', (adapter) => {
  const server = serve(adapter, { controllers: [WhoamiController] });
  const { issuer } = server;

  const ask = async (path: string, claims: Record<string, unknown>) => {
    const token = await server.mint({ claims: { sub: undefined, ...claims } });
    const response = await server.get(`whoami/${path}`, token);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it.each([
    { sub: 'alice', client_id: 'app' },
    { sub: 'app', client_id: 'app' },
    { client_id: 'app' },
  ])('is told of %j, by a parameter and by injection', async (claims) => {
    const { sub: subject, client_id: clientId } = claims;
    const principal = principalOf({ issuer: issuer.url, subject, clientId });
    for (const path of ['parameter', 'injected']) {
      expect(await ask(path, claims)).toEqual({ status: 200, body: { principal } });
    }
  });

  it('is not given where the token names nobody: 500, rather than a key that others have too', async () => {
    for (const path of ['parameter', 'injected']) {
      expect((await ask(path, { client_id: undefined })).status).toBe(500);
    }
  });

  it('does not stand in the way of a copy, nor in it', async () => {
    for (const claims of [{ sub: 'alice' }, { client_id: undefined }]) {
      const { status, body } = await ask('copied', claims);
      expect(status).toBe(200);
      expect(body.injected).toEqual(expect.arrayContaining(['issuer', 'claims']));
      for (const members of Object.values(body)) {
        expect(members).not.toContain('principal');
        expect(members).not.toContain('token');
      }
    }
  });
});
