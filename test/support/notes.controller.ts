import { Controller, Get } from '@nestjs/common';
import { AuthInfo, RequireScopes } from 'nestjs-mcp-auth';

/** A controller for tests in which it does not matter what is protected. */
@Controller('notes')
export class NotesController {
  @Get() get(@AuthInfo('subject') subject: string) {
    return { subject };
  }

  @Get('admin') @RequireScopes('admin') admin() {
    return {};
  }
}
