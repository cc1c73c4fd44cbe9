import { Controller, Get, type Type } from '@nestjs/common';
import { AuthInfo, McpAuthModule, RequireScopes, Resource } from 'nestjs-mcp-auth';
import { guardedBy, LettingIn, Subject } from './bare-guard.js';
import { app, notesOf, RESOURCE, SCOPE, type Setup, type Size } from './contender.js';

/** Returns the identifier of the resource that a handler belongs to. */
export function resourceOf(handler: number, { resources }: Pick<Size, 'resources'>): string {
  return resources === 1 ? RESOURCE : `${RESOURCE}/${handler % resources}`;
}

function openController(path: string): Type {
  @Controller(path)
  class OpenController {
    @Get()
    list() {
      return notesOf('nobody');
    }
  }
  return OpenController;
}

function bareController(path: string): Type {
  @Controller(path)
  class BareController {
    @Get()
    list(@Subject() owner: string) {
      return notesOf(owner);
    }
  }
  return BareController;
}

function protectedController(path: string, resource: string): Type {
  @Controller(path)
  @Resource(resource)
  class ProtectedController {
    @Get()
    @RequireScopes(SCOPE)
    list(@AuthInfo('subject') owner: string) {
      return notesOf(owner);
    }
  }
  return ProtectedController;
}

/** Creates an app with handlers at /notes/0, /notes/1, …, distributed over the protected resources. */
export function create({ issuer, size }: Setup) {
  if (size === undefined) {
    throw new Error('Give the contender "sized" a size.');
  }
  const numbers = [...Array(size.handlers).keys()];
  const paths = numbers.map((n) => `notes/${n}`);
  if (size.guard === 'none') {
    return app({ controllers: paths.map(openController) }, size.adapter);
  }
  if (size.guard === 'bare') {
    return guardedBy(LettingIn, size.adapter, paths.map(bareController));
  }
  const resources = new Set(numbers.map((n) => resourceOf(n, size)));
  const protectedResources = [...resources].map((resource) => ({
    metadata: { resource, authorizationServers: [issuer], scopesSupported: [SCOPE] },
  }));
  const controllers = numbers.map((n) => protectedController(`notes/${n}`, resourceOf(n, size)));
  const imports = [McpAuthModule.forRoot({ protectedResources })];
  return app({ controllers, imports }, size.adapter);
}
