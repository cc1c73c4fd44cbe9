import type { Type } from '@nestjs/common';
import {
  type AuthorizationServerMetadata,
  type AuthorizationServerOptions,
  AuthorizationServerResolver,
  McpAuthModule,
  type McpAuthModuleOptions,
  type McpAuthOptionsFactory,
  type TokenVerifier,
  type TransformMetadata,
  type VerifyToken,
} from 'nestjs-mcp-auth';
import type { Assignable, Expect } from './expect.js';

type Resource = Extract<McpAuthModuleOptions['protectedResources'], { metadata: unknown }>;
type Server = AuthorizationServerOptions;
interface Known {
  metadata: AuthorizationServerMetadata;
}

export type ValidForms = [
  Expect<Assignable<string, Server>>,
  Expect<Assignable<{ issuer: string }, Server>>,
  Expect<Assignable<{ issuer: string; type: 'oidc' }, Server>>,
  Expect<Assignable<{ issuer: string; type: 'oauth' }, Server>>,
  Expect<Assignable<{ issuer: string; metadataUrl: string }, Server>>,
  Expect<Assignable<{ metadata: { issuer: string; jwksUri: string } }, Server>>,
  Expect<Assignable<Known, Server>>,
  Expect<Assignable<Type<TokenVerifier>, NonNullable<Resource['tokenVerifier']>>>,
  Expect<
    Assignable<readonly [Type<TokenVerifier>, VerifyToken], NonNullable<Resource['tokenVerifier']>>
  >,
];

export type InvalidForms = [
  // @ts-expect-error -- an authorization server is discovered or given, not both
  Expect<Assignable<Known & { issuer: string }, Server>>,
  // @ts-expect-error -- nothing is fetched where the metadata is given
  Expect<Assignable<Known & { metadataUrl: string }, Server>>,
  // @ts-expect-error -- nothing is transformed where the metadata is given
  Expect<Assignable<Known & { transformMetadata: TransformMetadata }, Server>>,
  // @ts-expect-error -- an authorization server without an issuer
  Expect<Assignable<{ type: 'oidc' }, Server>>,
  // @ts-expect-error -- metadata without an issuer
  Expect<Assignable<{ metadata: { jwksUri: string } }, Server>>,
  // @ts-expect-error -- no such type
  Expect<Assignable<{ issuer: string; type: 'saml' }, Server>>,
];

const metadata = {
  resource: 'https://api.example.com/notes',
  authorizationServers: ['https://auth.example.com'],
};

McpAuthModule.forRoot({ protectedResources: { metadata } });
McpAuthModule.forRoot({ protectedResources: [{ metadata }] });
McpAuthModule.forRoot({ protectedResources: { metadata }, guard: false, controller: false });
McpAuthModule.forRoot({ protectedResources: { metadata }, discovery: 'eager' });
McpAuthModule.forRoot({
  protectedResources: {
    metadata: {
      resource: 'https://api.example.com/notes',
      authorizationServers: [
        {
          issuer: 'https://auth.example.com',
          transformMetadata: (document) =>
            Promise.resolve({ ...document, jwks_uri: 'https://auth.example.com/keys' }),
        },
      ],
      // Extension fields are published as they are.
      notesPerPage: 50,
    },
    jwt: { algorithms: ['ES256'], clockTolerance: 0, typ: 'at+jwt' },
    tokenVerifier: (token) => ({ issuer: 'https://auth.example.com', subject: token }),
  },
});

McpAuthModule.forRoot({
  protectedResources: {
    metadata: {
      resource: 'https://api.example.com/notes',
      authorizationServers: [
        { issuer: 'https://auth.example.com', claims: { scopes: ['realm_access', 'roles'] } },
      ],
    },
    claims: {
      scopes: ({ scope = '', roles = [] }) => [...String(scope).split(' '), ...(roles as string[])],
      clientId: 'appid',
      subject: ({ oid }) => (typeof oid === 'string' ? oid : undefined),
      audience: 'client_id',
    },
  },
});
// @ts-expect-error -- a client is a string
McpAuthModule.forRoot({ protectedResources: { metadata, claims: { clientId: () => ['app'] } } });
// @ts-expect-error -- claims are read at once
McpAuthModule.forRoot({ protectedResources: { metadata, claims: { scopes: async () => 'a' } } });
// @ts-expect-error -- a misspelt option of the claims
McpAuthModule.forRoot({ protectedResources: { metadata, claims: { scope: 'a' } } });

// @ts-expect-error -- the protected resource is missing
McpAuthModule.forRoot({});
// @ts-expect-error -- the authorization servers are missing
McpAuthModule.forRoot({ protectedResources: { metadata: { resource: metadata.resource } } });
// @ts-expect-error -- a misspelt option
McpAuthModule.forRoot({ protectedResources: { metadata }, discover: 'eager' });
// @ts-expect-error -- a misspelt option of a resource
McpAuthModule.forRoot({ protectedResources: { metadata, audiences: 'https://api.example.com' } });
// @ts-expect-error -- a symmetric algorithm
McpAuthModule.forRoot({ protectedResources: { metadata, jwt: { algorithms: ['HS256'] } } });

class OptionsFactory implements McpAuthOptionsFactory {
  createMcpAuthOptions(): McpAuthModuleOptions {
    return { protectedResources: { metadata } };
  }
}

McpAuthModule.forRootAsync({ useFactory: () => ({ protectedResources: { metadata } }) });
McpAuthModule.forRootAsync({
  inject: [OptionsFactory],
  useFactory: (factory: OptionsFactory) => Promise.resolve(factory.createMcpAuthOptions()),
  guard: false,
  controller: false,
});
McpAuthModule.forRootAsync({ useClass: OptionsFactory });
McpAuthModule.forRootAsync({ useExisting: OptionsFactory });
// @ts-expect-error -- the factory's options are checked too
McpAuthModule.forRootAsync({ useFactory: () => ({ protectedResources: {} }) });

const resource = 'https://api.example.com/notes';

class Resolver extends AuthorizationServerResolver {
  override resolve(issuer: string) {
    return issuer === '' ? undefined : { issuer };
  }
}

McpAuthModule.forRoot({
  protectedResources: [
    { metadata: { resource, authorizationServers: (issuer) => issuer }, publishedIssuers: [] },
    {
      metadata: {
        resource,
        authorizationServers: async (issuer, { tenant }) =>
          Promise.resolve(tenant === undefined ? undefined : { issuer, type: 'oidc' }),
      },
    },
    { metadata: { resource, authorizationServers: Resolver } },
    {
      metadata: {
        resource,
        authorizationServers: [
          'https://auth.example.com',
          (issuer) => (issuer.endsWith('/acme') ? { issuer } : undefined),
        ],
      },
    },
    { metadata: { resource, authorizationServers: [{ issuer: resource }, Resolver] } },
  ],
  tenantCache: { max: 10, ttl: 5 },
});
const wrong = {
  boolean: { resource, authorizationServers: () => true },
  class: { resource, authorizationServers: OptionsFactory },
};
// @ts-expect-error -- a resolver answers with an authorization server, or nothing
McpAuthModule.forRoot({ protectedResources: { metadata: wrong.boolean } });
// @ts-expect-error -- a class that is no resolver
McpAuthModule.forRoot({ protectedResources: { metadata: wrong.class } });

const template = 'https://api.example.com/{tenant}/mcp';
const ofTenant = { resource: template, authorizationServers: [`${resource}/{tenant}`] };

McpAuthModule.forRoot({
  protectedResources: [
    { metadata: ofTenant, tenants: ['acme'] as const, tenantPath: '/{tenant}/mcp' },
    { metadata: ofTenant, tenants: (name) => name.length < 10 },
    { metadata: ofTenant, tenants: (name) => (name === 'acme' ? {} : undefined) },
    {
      metadata: ofTenant,
      tenants: async (name) => Promise.resolve({ authorizationServers: [name] }),
    },
  ],
});
// @ts-expect-error -- whether there is such a tenant, not which
McpAuthModule.forRoot({ protectedResources: { metadata: ofTenant, tenants: (name) => name } });
