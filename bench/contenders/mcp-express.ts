import {
  getOAuthProtectedResourceMetadataUrl,
  requireBearerAuth,
  type OAuthTokenVerifier,
} from '@modelcontextprotocol/express';
import { OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server';
import { Controller, Get, Req } from '@nestjs/common';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { ALGORITHMS, app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

@Controller('notes')
class NotesController {
  @Get()
  list(@Req() request: { auth?: { extra?: Record<string, unknown> } }) {
    return notesOf(request.auth?.extra?.['subject']);
  }
}

/** Verifies tokens with jose. The SDK has no verifier, so its users write one like this. */
function joseVerifier({ issuer, jwksUri }: Setup): OAuthTokenVerifier {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  const options = { issuer, audience: RESOURCE, algorithms: [...ALGORITHMS] };
  return {
    async verifyAccessToken(token) {
      const { payload } = await jwtVerify(token, keys, options).catch(() => {
        throw new OAuthError(OAuthErrorCode.InvalidToken, 'The access token is not valid.');
      });
      return {
        token,
        clientId: String(payload['client_id']),
        scopes: String(payload['scope']).split(' '),
        expiresAt: payload.exp,
        extra: { subject: payload.sub },
      };
    },
  };
}

export async function create(setup: Setup) {
  const nest = await app({ controllers: [NotesController] });
  nest.use(
    '/notes',
    requireBearerAuth({
      verifier: joseVerifier(setup),
      requiredScopes: [SCOPE],
      resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(new URL(RESOURCE)),
    }),
  );
  return nest;
}
