import { Controller, Get } from '@nestjs/common';
import { OptionalAuth, Public, RequireScopes, Resource } from 'nestjs-mcp-auth';

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
