import { Controller, Get } from '@nestjs/common';
import { AuthInfo, RequireScopes } from 'nestjs-mcp-auth';

/** For tests that do not care what is protected. */
@Controller('notes')
export class NotesController {
  @Get() get(@AuthInfo('subject') subject: string) {
    return { subject };
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }
}
