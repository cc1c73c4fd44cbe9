import { Controller, Get } from '@nestjs/common';
import { AuthInfo, RequireScopes } from 'nestjs-mcp-auth';

@Controller('notes')
export class NotesController {
  @Get()
  @RequireScopes('read:notes')
  list(@AuthInfo('subject') caller: string) {
    return { caller };
  }
}
