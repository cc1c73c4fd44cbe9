import { setTimeout as delay } from 'node:timers/promises';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Injectable } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AuthInfo } from 'nestjs-mcp-auth';

/** A service that injects the caller, and reads it after a delay. */
@Injectable()
export class NotesService {
  constructor(private readonly authInfo: AuthInfo) {}

  async owner(): Promise<string> {
    await delay(Math.random() * 4);
    return this.authInfo.subject ?? 'nobody';
  }

  known(): boolean {
    return 'token' in this.authInfo;
  }
}

export const graphqlModule = (more: Partial<ApolloDriverConfig> = {}) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    graphiql: false,
    ...more,
  });

export interface GraphqlError {
  message: string;
  path: string[];
  extensions: { code: string; challenge?: string };
}
export interface Answer {
  status: number;
  challenge: string | null;
  exposed: string | null;
  data: Record<string, unknown> | null;
  errors?: GraphqlError[];
}

export async function ask(url: string, query: string, token?: string): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    exposed: response.headers.get('access-control-expose-headers'),
    ...((await response.json()) as Pick<Answer, 'data' | 'errors'>),
  };
}
