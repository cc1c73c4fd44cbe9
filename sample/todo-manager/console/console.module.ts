import { Module, type DynamicModule } from '@nestjs/common';
import { ConsoleController, CONTENT_SECURITY_POLICY } from './console.controller.js';

/** A page at `/` that is an MCP client: it signs in, calls the tools, and shows each HTTP exchange. */
@Module({ controllers: [ConsoleController] })
export class ConsoleModule {
  /** @param issuers - the authorization servers that the page may call */
  static forRoot(issuers: readonly string[]): DynamicModule {
    // McpAuthModule reports an issuer that is not a URL.
    const origins = issuers
      .filter((issuer) => URL.canParse(issuer))
      .map((issuer) => new URL(issuer).origin);
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${origins.join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ];
    return {
      module: ConsoleModule,
      providers: [{ provide: CONTENT_SECURITY_POLICY, useValue: policy.join('; ') }],
    };
  }
}
