import { Controller, Get } from '@nestjs/common';
import {
  OptionalAuth,
  Public,
  RequireAuth,
  RequireClaims,
  RequireScopes,
  Resource,
} from 'nestjs-mcp-auth';

@Controller()
@Resource('https://api.example.com/notes')
@RequireScopes('read:notes')
export class NotesController {
  @Get()
  @RequireScopes('read:notes', 'list:notes')
  list(): string[] {
    return [];
  }

  @Get('health')
  @Public()
  health(): string {
    return 'ok';
  }

  @Get('front-page')
  @OptionalAuth()
  @Resource('https://api.example.com/pages')
  frontPage(): string {
    return 'welcome';
  }

  @Get('nothing')
  // @ts-expect-error -- a demand for no scope is a slip
  @RequireScopes()
  nothing(): void {
    return;
  }

  @Get('number')
  // @ts-expect-error -- a scope is a string
  @RequireScopes(1)
  number(): void {
    return;
  }

  @Get('no-resource')
  // @ts-expect-error -- which resource?
  @Resource()
  noResource(): void {
    return;
  }
}

@Controller()
@Public()
export class PublicController {}

@Controller()
@OptionalAuth()
export class OptionalController {}

interface NoteRequest {
  query: { tenant: string };
}

@Controller()
@RequireClaims({ email_verified: true, level: [1, 2], realm_access: { roles: 'admin' } })
@RequireAuth(({ subject }) => subject !== undefined || 'Who are you?')
export class ConditionsController {
  @Get()
  @RequireAuth<NoteRequest>(
    (authInfo, { query }) => authInfo.claims.tenant === query.tenant,
    async ({ clientId }) => Promise.resolve(clientId === 'console'),
  )
  list(): void {
    return;
  }

  @Get('nothing')
  // @ts-expect-error -- no condition is a slip
  @RequireAuth()
  nothing(): void {
    return;
  }

  @Get('undefined')
  // @ts-expect-error -- neither a yes nor a no
  @RequireAuth(() => undefined)
  undefined(): void {
    return;
  }

  @Get('no-claims')
  // @ts-expect-error -- which claims?
  @RequireClaims()
  noClaims(): void {
    return;
  }

  @Get('function')
  // @ts-expect-error -- a claim is compared with a value
  @RequireClaims({ level: (level: number) => level > 1 })
  function(): void {
    return;
  }

  @Get('null')
  // @ts-expect-error -- no claim is asked to be null
  @RequireClaims({ level: null })
  null(): void {
    return;
  }
}
