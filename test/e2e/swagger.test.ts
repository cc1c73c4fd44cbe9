import { describe, expect, it, jest } from '@jest/globals';
import { All, Controller, Get, Logger, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiLink,
  ApiOkResponse,
  ApiProperty,
  ApiResponse,
  DocumentBuilder,
  type OpenAPIObject,
  type SwaggerDocumentOptions,
} from '@nestjs/swagger';
import { OptionalAuth, Public, RequireAuth, RequireScopes } from 'nestjs-mcp-auth';
import { createSecuredDocument } from 'nestjs-mcp-auth/swagger';
import { adapters } from '../support/app.js';
import { serve } from '../support/serve.js';

class Note {
  @ApiProperty()
  id!: string;
}

@Controller('documented')
class DocumentedController {
  @Get('any')
  any() {
    return [];
  }

  @Post('scopes')
  @RequireScopes('read:notes', { anyOf: ['write:notes', 'admin'] })
  scopes() {
    return [];
  }

  @Get('condition')
  @RequireAuth(() => true)
  condition() {
    return [];
  }

  @Get('optional')
  @OptionalAuth()
  optional() {
    return [];
  }

  @Get('linked/:id')
  @ApiLink({ from: Note, fromField: 'id', routeParam: 'id' })
  linked(@Param('id') id: string) {
    return [id];
  }

  @Get('linking')
  @ApiOkResponse({ type: Note })
  linking() {
    return { id: '1' };
  }

  @Get('public')
  @Public()
  public() {
    return [];
  }

  @Get('own')
  @RequireScopes('read:notes')
  @ApiBearerAuth()
  @ApiResponse({ status: 403, description: 'Only for readers.' })
  own() {
    return [];
  }
}

class Base {
  @Get('inherited')
  inherited() {
    return [];
  }
}

@Controller(['first', ''])
@RequireScopes('first')
class FirstController extends Base {
  @All('all')
  all() {
    return [];
  }
}

@Controller('second')
@RequireScopes('second')
class SecondController extends Base {}

const CONFIG = new DocumentBuilder().setTitle('Notes').build();

describe.each(adapters)('createSecuredDocument(), on %s', (adapter) => {
  const server = serve(adapter, {
    per: 'test',
    controllers: [DocumentedController, FirstController, SecondController],
    resource: { scopePrefix: 'api://notes/' },
  });
  const document = (options?: SwaggerDocumentOptions): OpenAPIObject => {
    return createSecuredDocument(server.app, CONFIG, options);
  };
  const scheme = () => new URL(server.issuer.url).host.replace(':', '-');
  const operation = ({ paths }: OpenAPIObject, path: string, method: 'get' | 'post' = 'get') => {
    const found = paths[`/documented/${path}`]?.[method];
    return { security: found?.security, responses: Object.keys(found?.responses ?? {}) };
  };

  it('shows the requirements of a route, with the scope names that clients request', () => {
    const made = document();
    expect(operation(made, 'any')).toEqual({
      security: [{ [scheme()]: [] }],
      responses: ['200', '401'],
    });
    expect(operation(made, 'scopes', 'post')).toEqual({
      security: [{ [scheme()]: ['api://notes/read:notes', 'api://notes/write:notes'] }],
      responses: ['201', '401', '403'],
    });
    expect(operation(made, 'condition').responses).toEqual(['200', '401', '403']);
    expect(operation(made, 'optional')).toEqual({
      security: [{ [scheme()]: [] }, {}],
      responses: ['200', '401'],
    });
    expect(operation(made, 'public')).toEqual({ security: undefined, responses: ['200'] });
  });

  it('keeps the declarations of the route itself', () => {
    const found = document().paths['/documented/own']?.get;
    expect(found?.security).toEqual([{ bearer: [] }]);
    expect(found?.responses['403']).toMatchObject({ description: 'Only for readers.' });
  });

  it('keeps the operation ids', () => {
    const ids = (made: OpenAPIObject) => [
      made.paths['/documented/any']?.get?.operationId,
      made.paths['/all']?.put?.operationId,
    ];
    expect(ids(document())).toEqual(['DocumentedController_any', 'FirstController_all_put']);
    const operationIdFactory = (_controller: string, method: string) => `my-${method}`;
    expect(ids(document({ operationIdFactory }))).toEqual(['my-any', 'my-all_put']);
  });

  it('keeps the links between operations', () => {
    const links = JSON.stringify(document().paths['/documented/linking']?.get?.responses['200']);
    expect(links).toContain('"operationId":"DocumentedController_linked"');
  });

  it('shows the requirements of each class for a method that two classes inherit', () => {
    const { paths } = document();
    const scopes = ['first', 'second'].map((path) => paths[`/${path}/inherited`]?.get?.security);
    expect(scopes).toEqual([
      [{ [scheme()]: ['api://notes/first'] }],
      [{ [scheme()]: ['api://notes/second'] }],
    ]);
  });

  it('names the OpenID configuration while the metadata is not cached', () => {
    expect(document().components?.securitySchemes).toEqual({
      [scheme()]: {
        type: 'openIdConnect',
        description: `Access tokens of ${server.issuer.url}.`,
        openIdConnectUrl: `${server.issuer.url}/.well-known/openid-configuration`,
      },
    });
  });

  it('names the endpoints and the scopes once the metadata is cached', async () => {
    await server.get('documented/any', await server.mint());
    const schemes = document().components?.securitySchemes;
    expect(schemes?.[scheme()]).toMatchObject({
      type: 'oauth2',
      flows: {
        authorizationCode: {
          authorizationUrl: expect.stringContaining(server.issuer.url),
          tokenUrl: expect.stringContaining(server.issuer.url),
          scopes: { 'api://notes/read:notes': '', 'api://notes/first': '' },
        },
      },
    });
  });

  it('leaves the configuration as it was', () => {
    document();
    expect(CONFIG.components?.securitySchemes).toBeUndefined();
  });
});

describe('createSecuredDocument()', () => {
  const server = serve('express', {
    controllers: [namesake('one', 'one'), namesake('two', 'two'), namesake('three', 'two')],
  });

  it('shows no requirements for two classes of one name that require different scopes', () => {
    const warnings = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    const { paths } = createSecuredDocument(server.app, CONFIG);
    expect(paths['/one']?.get?.security).toBeUndefined();
    expect(warnings.mock.calls.flat()).toEqual([
      expect.stringContaining('Two classes have a handler NamesakeController.list'),
    ]);
    jest.restoreAllMocks();
  });
});

function namesake(path: string, scope: string) {
  @Controller(path)
  @RequireScopes(scope)
  class NamesakeController {
    @Get()
    list() {
      return [];
    }
  }
  return NamesakeController;
}
