import { All, Body, Controller, Delete, Get, Post, Res, type LoggerService } from '@nestjs/common';
import {
  AuthInfo,
  McpEndpoint,
  OptionalAuth,
  RequireScopes,
  Resource,
  type McpEndpointOptions,
} from 'nestjs-mcp-auth';
import { startApp, type AdapterName, type RunningApp } from '../../support/app.js';
import { protectedResources, type Laboratory } from './laboratory.js';
import { ADMIN, BEHIND, MCP, NOTES, PROXIED } from './places.js';

/** The origin that scripts may call the application from. */
export const ORIGIN = 'https://client.example.com';

/** Returns the subject and the scopes, so that an answer shows which caller the application sees. */
const who = (caller?: AuthInfo) => ({ subject: caller?.subject, scopes: caller?.scopes });

@Controller('notes')
@Resource(NOTES.resource)
@RequireScopes('read:notes')
class NotesController {
  @Get() list(@AuthInfo() caller: AuthInfo) {
    return who(caller);
  }

  @Post() @RequireScopes('write:notes') create() {
    return {};
  }

  @Delete() @RequireScopes('delete:notes') remove() {
    return {};
  }

  @Get('optional') @OptionalAuth() optional(@AuthInfo() caller?: AuthInfo) {
    return who(caller);
  }
}

@Controller('proxied')
@Resource(PROXIED.resource)
@RequireScopes('read:notes')
class ProxiedController {
  @Get() list(@AuthInfo() caller: AuthInfo) {
    return who(caller);
  }

  @Post() create() {
    return {};
  }

  @Get('optional') @OptionalAuth() optional(@AuthInfo() caller?: AuthInfo) {
    return who(caller);
  }
}

@Controller('behind')
@Resource(BEHIND.resource)
@RequireScopes('read:notes')
class BehindController {
  @Get() list(@AuthInfo() caller: AuthInfo) {
    return who(caller);
  }
}

@Controller('admin')
@Resource(ADMIN.resource)
@RequireScopes('admin')
class AdminController {
  @Get() get(@AuthInfo() caller: AuthInfo) {
    return who(caller);
  }
}

export const OPERATIONS: McpEndpointOptions = {
  tools: { 'list-todos': [], 'create-todo': 'create:todos', 'delete-todo': 'delete:todos' },
  prompts: { review: 'read:todos', 'caf\u00e9': 'read:todos' },
  resources: {
    'todo://list': [],
    'todo://secret': 'read:secret',
    'todo://{id}': 'read:todos',
    'https://data.example.com/secret': 'read:secret',
    'https://data.example.com/public/{name}': [],
    'https://data.example.com/files/{name}': 'read:files',
  },
  methods: { 'tasks/cancel': 'cancel:tasks' },
};

/** Answers with the methods and names that an MCP server would carry out. */
@Controller('mcp')
@Resource(MCP.resource)
@RequireScopes('mcp')
class McpController {
  @All() @McpEndpoint(OPERATIONS) open(@Body() body: unknown, @Res() response: Response) {
    response.status(200).send({ carriedOut: carriedOut(body) });
  }

  @All('strict')
  @McpEndpoint({ ...OPERATIONS, defaultDeny: true })
  strict(@Body() body: unknown, @Res() response: Response) {
    response.status(200).send({ carriedOut: carriedOut(body) });
  }

  /** Opens a session with the id that the request names in `params.session`. Accepts any session id. */
  @All('sessions') @McpEndpoint() session(@Body() body: Call, @Res() response: Response) {
    const { session } = body?.params ?? {};
    if (typeof session === 'string') {
      response.header('Mcp-Session-Id', session);
    }
    response.status(200).send({ carriedOut: carriedOut(body) });
  }
}

interface Response {
  header(name: string, value: string): void;
  status(status: number): { send(body: unknown): void };
}

type Call = { method?: unknown; params?: Record<string, unknown> } | undefined;

function carriedOut(body: unknown): unknown[] {
  return [body].flat().flatMap((message) => {
    const { method, params } = (message ?? {}) as NonNullable<Call>;
    return method === undefined ? [] : [[method, params?.name ?? params?.uri].filter(Boolean)];
  });
}

export interface Variant {
  adapter: AdapterName;
  tokenCache: false | Record<string, never>;
}

/** Starts the application under attack. */
export async function startApplication(
  lab: Laboratory,
  { adapter, tokenCache }: Variant,
  logger: LoggerService,
): Promise<RunningApp> {
  return startApp({
    adapter,
    options: { protectedResources: protectedResources(lab), tokenCache },
    controllers: [
      NotesController,
      ProxiedController,
      BehindController,
      AdminController,
      McpController,
    ],
    setUp: (app) => app.enableCors({ origin: ORIGIN }),
    nest: { logger, forceCloseConnections: true },
  });
}
