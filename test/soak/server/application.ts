import { setTimeout } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Injectable,
  Module,
  Delete,
  Post,
  Query,
  Res,
  type DynamicModule,
} from '@nestjs/common';
import {
  AuthInfo,
  McpAuthModule,
  McpEndpoint,
  OptionalAuth,
  Public,
  RequireScopes,
} from 'nestjs-mcp-auth';
import { RESOURCE, SCOPE, TOOLS } from '../settings.js';

interface Message {
  id: string;
  method: string;
}

/** A service that reads the caller after a delay, in which other requests can run. */
@Injectable()
class Callers {
  constructor(private readonly authInfo: AuthInfo) {}

  async current(): Promise<string> {
    await setTimeout(Math.random() * 10);
    return 'subject' in this.authInfo ? (this.authInfo.subject ?? 'no subject') : 'nobody';
  }
}

@Controller()
class ApiController {
  constructor(private readonly callers: Callers) {}

  @Get('notes')
  @RequireScopes(SCOPE)
  async notes(@Query('nonce') nonce: string) {
    return { nonce, subject: await this.callers.current() };
  }

  @Get('front-page')
  @OptionalAuth()
  async frontPage(@Query('nonce') nonce: string) {
    return { nonce, subject: await this.callers.current() };
  }

  @Get('public')
  @Public()
  async public(@Query('nonce') nonce: string) {
    return { nonce, subject: await this.callers.current() };
  }

  @Post('mcp')
  @HttpCode(200)
  @McpEndpoint({ tools: TOOLS })
  async mcp(
    @Body() { id, method }: Message,
    @Res({ passthrough: true }) response: { header(name: string, value: string): unknown },
  ) {
    const subject = await this.callers.current();
    if (method === 'initialize') {
      response.header('Mcp-Session-Id', randomUUID());
    }
    return { jsonrpc: '2.0', id, result: { subject } };
  }

  @Delete('mcp')
  @McpEndpoint()
  async end(@Headers('x-nonce') nonce: string) {
    return { nonce, subject: await this.callers.current() };
  }
}

/** The unprotected controller with which the protected one is compared. It does the same work as `GET /notes` there. */
@Controller()
class OpenController {
  @Get('notes')
  async notes(@Query('nonce') nonce: string) {
    await setTimeout(Math.random() * 10);
    return { nonce, subject: 'nobody' };
  }
}

@Module({})
class AppModule {}

export function open(): DynamicModule {
  return { module: AppModule, controllers: [OpenController] };
}

export function protectedBy(issuer: string): DynamicModule {
  const metadata = { resource: RESOURCE, authorizationServers: [issuer] };
  return {
    module: AppModule,
    imports: [
      McpAuthModule.forRoot({
        protectedResources: { metadata },
        // Small and short enough for both bounds to be reached many times in a run.
        tokenCache: { max: 1000, ttl: 30 },
      }),
    ],
    controllers: [ApiController],
    providers: [Callers],
  };
}
