import type { AuthInfo as SdkAuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import type { AuthInfo as ServerAuthInfo } from '@modelcontextprotocol/server';
import { Controller, Get, Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthInfo } from 'nestjs-mcp-auth';
import type { Assignable, Equal, Expect } from './expect.js';

export type TheMcpSdksTakeIt = [
  Expect<Assignable<AuthInfo, SdkAuthInfo>>,
  Expect<Assignable<AuthInfo, ServerAuthInfo>>,
];

export type Members = [
  Expect<Equal<AuthInfo['token'], string>>,
  Expect<Equal<AuthInfo['clientId'], string>>,
  Expect<Equal<AuthInfo['issuer'], string>>,
  Expect<Assignable<string, AuthInfo['subject']>>,
  Expect<Assignable<AuthInfo['expiresAt'], number | undefined>>,
  Expect<Assignable<AuthInfo['resource'], URL | undefined>>,
  Expect<Equal<AuthInfo['audience'], string | string[] | undefined>>,
];

@Injectable()
export class NotesService {
  constructor(private readonly authInfo: AuthInfo) {}

  get owner(): string | undefined {
    return this.authInfo.subject;
  }
}

@Controller()
export class NotesController {
  @Get()
  list(@AuthInfo() authInfo: AuthInfo, @AuthInfo('subject') subject: string): unknown {
    return { scopes: authInfo.scopes, subject };
  }

  @Get('unknown')
  // @ts-expect-error -- no such member
  unknown(@AuthInfo('sub') subject: string): unknown {
    return subject;
  }
}

/** `AuthInfo` is also an injection token, so `get()` returns it with its type. */
export async function asToken(): Promise<AuthInfo> {
  const module = await Test.createTestingModule({ providers: [NotesService] })
    .overrideProvider(AuthInfo)
    .useValue({ subject: 'alice' })
    .compile();
  return module.get(AuthInfo);
}

export function isReadOnly(authInfo: AuthInfo): void {
  // @ts-expect-error -- the caller is what the token says, for everybody who looks
  authInfo.subject = 'mallory';
}
