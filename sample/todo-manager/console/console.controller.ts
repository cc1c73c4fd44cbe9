import { Controller, Get, Inject, NotFoundException, Param, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Public, type AdapterResponse } from 'nestjs-mcp-auth';
import { readStaticFiles, type StaticFile } from './static-files.js';

/** The injection token of the Content-Security-Policy of the page. */
export const CONTENT_SECURITY_POLICY = Symbol('CONTENT_SECURITY_POLICY');

/** Serves the files of the console. They are public: the page has to be there before anyone signs in. */
@Public()
@Controller()
export class ConsoleController {
  private readonly files = readStaticFiles();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(CONTENT_SECURITY_POLICY) private readonly policy: string,
  ) {}

  @Get()
  page(@Res({ passthrough: true }) response: AdapterResponse): string {
    return this.file('index.html', response);
  }

  @Get('console/:name')
  file(@Param('name') name: string, @Res({ passthrough: true }) response: AdapterResponse): string {
    const file = this.files.get(name);
    if (file === undefined) throw new NotFoundException(`The console has no file "${name}".`);
    for (const [field, value] of Object.entries(this.headersOf(file))) {
      this.adapterHost.httpAdapter.setHeader(response, field, value);
    }
    return file.text;
  }

  private headersOf({ type }: StaticFile): Record<string, string> {
    return {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': this.policy,
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    };
  }
}
