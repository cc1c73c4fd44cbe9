import { describe, expect, it, jest } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  AuthInfo,
  ProtectedResourceRegistry,
  Resource,
  TokenRevocations,
  TokenVerifier,
  type ProtectedResourceOptions,
} from 'nestjs-mcp-auth';
import { adapters, bearer } from '../support/app.js';
import { DpopKey } from '../support/dpop/key.js';
import { CLIENT, IntrospectionEndpoint } from '../support/introspection.js';
import { Issuer } from '../support/issuer.js';
import {
  at,
  metadataUrl,
  PLAIN,
  PlainController,
  TEMPLATE,
  TenantApp,
  TenantController,
  WELL_KNOWN,
} from '../support/tenant-app.js';

@Controller('mounted')
@Resource(TEMPLATE)
class MountedController {
  @Get(':tenant/mcp') get(@AuthInfo('resource') resource: URL) {
    return { resource: resource.href };
  }
}

describe.each(adapters)('tenants, on %s', (adapter) => {
  const tested = TenantApp.use(adapter);
  const { issuer, issuers, find, start, mint, call, status, document, raw } = tested;

  describe('have a resource each,', () => {
    it('which AuthInfo and the challenge name', async () => {
      await start();
      const answer = await call('acme', await mint('acme'));
      expect([answer.status, await answer.json()]).toEqual([
        200,
        {
          issuer: issuer.url,
          resource: at('acme'),
          resourceMetadataUrl: metadataUrl('acme'),
          audience: at('acme'),
        },
      ]);
      for (const tenant of ['acme', 'beta']) {
        const { headers } = await fetch(`${tested.url}/${tenant}/mcp`);
        expect(headers.get('www-authenticate')).toBe(
          `Bearer resource_metadata="${metadataUrl(tenant)}"`,
        );
        const denied = await fetch(`${tested.url}/${tenant}/mcp/admin`, bearer(await mint(tenant)));
        expect(denied.headers.get('www-authenticate')).toContain(
          `resource_metadata="${metadataUrl(tenant)}", scope="admin"`,
        );
      }
    });

    it('next to a resource without tenants', async () => {
      await start();
      const token = await issuer.mint({ audience: [PLAIN, at('acme')] });
      const answers = await Promise.all([
        fetch(`${tested.url}/plain`, bearer(token)),
        call('acme', token),
      ]);
      const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as object[];
      expect(bodies).toEqual([
        { resource: PLAIN },
        expect.objectContaining({ resource: at('acme') }),
      ]);
      expect([
        await status('acme', await issuer.mint({ audience: PLAIN })),
        find.mock.calls,
      ]).toEqual([401, [['acme']]]);
    });

    it('with further paths below it', async () => {
      await start();
      const token = await mint('acme');
      expect(await raw('/acme/mcp/deep/er?a=/beta/mcp', token)).toBe(200);
      expect(await raw('/acme/mcp/deep/er', await mint('beta'))).toBe(401);
      expect(await raw('/acme/mcp?beta', token)).toBe(200);
    });

    it('under a global prefix', async () => {
      const resource = 'https://api.example.com/api/{tenant}/mcp';
      @Controller(':tenant/mcp')
      @Resource(resource)
      class PrefixedController extends TenantController {}
      await start({
        resource: { metadata: { resource, authorizationServers: [issuer.url] } },
        controllers: [PrefixedController, PlainController],
        setUp: (created) => void created.setGlobalPrefix('api'),
      });
      const token = await issuer.mint({ audience: resource.replace('{tenant}', 'acme') });
      expect(await raw('/api/acme/mcp', token)).toBe(200);
      expect((await fetch(`${tested.url}${WELL_KNOWN}/api/acme/mcp`)).status).toBe(200);
    });

    it('at another path than clients see, with tenantPath', async () => {
      await start({
        resource: { tenantPath: '/mounted/{tenant}/mcp' },
        controllers: [MountedController, PlainController],
      });
      expect(await raw('/mounted/acme/mcp', await mint('acme'))).toBe(200);
      expect(await raw('/mounted/acme/mcp', await mint('beta'))).toBe(401);
      expect((await document('acme')).resource).toBe(at('acme'));
    });

    it('at no other path than the route of the handler', async () => {
      await start({ controllers: [MountedController, PlainController] });
      expect(await raw('/mounted/acme/mcp', await mint('acme'))).toBe(404);
      expect(find).not.toHaveBeenCalled();
    });
  });

  describe('reject each other’s tokens', () => {
    const cases: [
      string,
      () => Parameters<typeof start>[0],
      (tenant: string) => Promise<string>,
    ][] = [
      ['of one issuer for all tenants', () => ({}), (tenant) => mint(tenant)],
      [
        'of an issuer for each tenant',
        () => ({ servers: [issuers.template] }),
        (tenant) => issuers.mint(tenant, { audience: at(tenant) }),
      ],
      [
        'of an issuer for each tenant, with tokens for both tenants',
        () => ({ servers: [issuers.template] }),
        (tenant) => issuers.mint(tenant, { audience: [at('acme'), at('beta')] }),
      ],
      [
        'by a configured audience for each tenant',
        () => ({ resource: { audience: ['api://{tenant}', 'urn:{tenant}'] } }),
        (tenant) => issuer.mint({ audience: `urn:${tenant}` }),
      ],
      [
        'by the issuer, with one audience for all tenants',
        () => ({ servers: [issuers.template], resource: { audience: 'api://notes' } }),
        (tenant) => issuers.mint(tenant, { audience: 'api://notes' }),
      ],
      [
        'by the tokenIssuer, with one audience for all tenants',
        () => ({
          servers: [{ issuer: issuers.template, tokenIssuer: 'urn:{tenant}' }],
          resource: { audience: 'api://notes' },
        }),
        (tenant) => issuer.mint({ audience: 'api://notes', claims: { iss: `urn:${tenant}` } }),
      ],
      [
        'of an issuer for each tenant, with one tokenIssuer for all tenants',
        () => ({ servers: [{ issuer: issuers.template, tokenIssuer: 'urn:all' }] }),
        (tenant) => mint(tenant, { iss: 'urn:all' }),
      ],
      [
        'by the tokenIssuer that the tenants function returns',
        () => ({
          servers: [],
          resource: {
            tenants: (name) => ({
              authorizationServers: [{ issuer: issuers.of(name), tokenIssuer: `urn:${name}` }],
            }),
          },
        }),
        (tenant) =>
          issuer.mint({ audience: [at('acme'), at('beta')], claims: { iss: `urn:${tenant}` } }),
      ],
      [
        'by the issuer, with no audience',
        () => ({
          servers: [issuers.template],
          resource: { dangerouslySkipAudienceCheck: true },
        }),
        (tenant) => issuers.mint(tenant),
      ],
      [
        'by a resolver that gets the name of the tenant',
        () => ({
          servers: (name, { tenant = '' }) => (name === issuers.of(tenant) ? name : undefined),
          resource: { publishedIssuers: [] },
        }),
        (tenant) => issuers.mint(tenant, { audience: [at('acme'), at('beta')] }),
      ],
      [
        'by the issuer that the tenants function returns',
        () => ({
          servers: [],
          resource: { tenants: (name) => ({ authorizationServers: [issuers.of(name)] }) },
        }),
        (tenant) => issuers.mint(tenant, { audience: [at('acme'), at('beta')] }),
      ],
    ];

    it.each(cases)('%s, cached or not', async (_, given, make) => {
      await start(given());
      const [acme, beta, fresh] = [await make('acme'), await make('beta'), await make('acme')];
      expect([await status('acme', acme), await status('beta', beta)]).toEqual([200, 200]);
      for (let time = 0; time < 2; time++) {
        expect([await status('beta', acme), await status('acme', beta)]).toEqual([401, 401]);
        expect([await status('acme', acme), await status('beta', beta)]).toEqual([200, 200]);
      }
      expect([await status('beta', fresh), await status('acme', fresh)]).toEqual([401, 200]);
    });

    it('with a proof that was made for the other tenant', async () => {
      await start({ resource: { dpop: 'required' } });
      const key = await DpopKey.make();
      const token = await issuer.mint({
        audience: [at('acme'), at('beta')],
        claims: { cnf: { jkt: key.jkt } },
      });
      const send = async (tenant: string, uri: string) => {
        const dpop = await key.proof(token, { uri });
        return (
          await fetch(`${tested.url}/${tenant}/mcp`, {
            headers: { authorization: `DPoP ${token}`, dpop },
          })
        ).status;
      };
      expect(await send('acme', at('acme'))).toBe(200);
      expect(await send('beta', at('acme'))).toBe(401);
      expect(await send('beta', at('beta'))).toBe(200);
    });

    it('if opaque, asking only the tenant’s own authorization servers', async () => {
      const others = await Issuer.start();
      const endpoints = {
        acme: new IntrospectionEndpoint(issuer),
        beta: new IntrospectionEndpoint(others),
      };
      find.mockImplementation((name) => ({
        authorizationServers: [
          { issuer: name === 'acme' ? issuer.url : others.url, introspection: CLIENT },
        ],
      }));
      await start({ servers: [] });
      const token = endpoints.acme.issue([at('acme'), at('beta')]);
      expect([await status('acme', token), await status('acme', token)]).toEqual([200, 200]);
      expect([endpoints.acme.count, endpoints.beta.count]).toEqual([1, 0]);
      expect(await status('beta', token)).toBe(401);
      expect([endpoints.acme.count, endpoints.beta.count]).toEqual([1, 1]);
      await others.down();
    });

    it.each<[string, Partial<ProtectedResourceOptions>]>([
      ['one audience for all tenants', { audience: 'api://notes' }],
      ['any audience', { dangerouslySkipAudienceCheck: true }],
    ])('if opaque, with %s only if the response names the issuer', async (_, resource) => {
      const endpoint = new IntrospectionEndpoint(issuer);
      const introspection = { ...CLIENT, endpoint: endpoint.url };
      await start({
        servers: [{ issuer: issuers.template, introspection }],
        resource: { tenants: ['acme', 'beta'], ...resource },
      });
      const token = (iss?: string | null) => endpoint.issue('api://notes', { iss });
      const statuses = async (opaque: string) => [
        await status('acme', opaque),
        await status('beta', opaque),
      ];
      expect(await statuses(token(issuers.of('acme')))).toEqual([200, 401]);
      expect(await statuses(token(undefined))).toEqual([401, 401]);
      expect(await statuses(token(null))).toEqual([401, 401]);
    });

    it('if opaque, with an audience of each tenant also without an issuer in the response', async () => {
      const endpoint = new IntrospectionEndpoint(issuer);
      const introspection = { ...CLIENT, endpoint: endpoint.url };
      await start({ servers: [{ issuer: issuers.template, introspection }] });
      const token = endpoint.issue(at('acme'), { iss: undefined });
      expect([await status('acme', token), await status('beta', token)]).toEqual([200, 401]);
    });

    it('by a tokenVerifier, which gets the resource of the tenant', async () => {
      const tokenVerifier = jest.fn((token: string) => ({
        issuer: issuer.url,
        audience: at(token),
      }));
      await start({ resource: { tokenVerifier } });
      expect([await status('acme', 'acme'), await status('beta', 'acme')]).toEqual([200, 401]);
      expect(tokenVerifier.mock.calls).toEqual([
        ['acme', expect.objectContaining({ resource: at('acme') })],
        ['acme', expect.objectContaining({ resource: at('beta') })],
      ]);
    });

    it('in a session that the other tenant opened, even for the same subject', async () => {
      await start();
      const post = async (tenant: string) => {
        const token = await mint(tenant);
        const headers = {
          ...bearer(token).headers,
          'content-type': 'application/json',
          'mcp-session-id': 'session-1',
        };
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
        return (await fetch(`${tested.url}/${tenant}/mcp`, { method: 'POST', headers, body }))
          .status;
      };
      expect([await post('acme'), await post('beta'), await post('acme')]).toEqual([201, 404, 201]);
      expect(tested.handled).toEqual(['post', 'post']);
    });

    it('and also their own revoked tokens', async () => {
      await start({ servers: [issuers.template] });
      const token = await issuers.mint('acme', { audience: at('acme'), claims: { jti: 'one' } });
      expect(await status('acme', token)).toBe(200);
      await tested.app
        .get(TokenRevocations)
        .revokeToken({ issuer: issuers.of('acme'), jti: 'one' });
      expect(await status('acme', token)).toBe(401);
    });
  });

  describe('for tokens verified outside HTTP', () => {
    it('are found by name, and the template itself accepts no token', async () => {
      await start();
      const verifier = tested.app.get(TokenVerifier);
      const template = tested.app.get(ProtectedResourceRegistry).get(TEMPLATE);
      const [acme, token] = [await template?.tenants?.get('acme'), await mint('acme')];
      if (template === undefined || acme === undefined) {
        throw new Error('There is no such resource.');
      }
      expect(await verifier.verify(token, acme)).toMatchObject({ subject: 'alice' });
      await expect((async () => verifier.verify(token, template))()).rejects.toThrow(
        `${TEMPLATE} stands for the resources of its tenants`,
      );
      expect(await template.tenants?.get('%61cme')).toBeUndefined();
    });
  });
});
