import {
  Catch,
  Controller,
  Get,
  HttpException,
  Req,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { auth, requiredScopes, UnauthorizedError } from 'express-oauth2-jwt-bearer';
import { app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

@Controller('notes')
class NotesController {
  @Get()
  list(@Req() request: { auth?: { payload: { sub?: string } } }) {
    return notesOf(request.auth?.payload.sub);
  }
}

/** Answers with the status of the library's error. Nest would answer 500, since it does not know the error. */
@Catch(UnauthorizedError)
class UnauthorizedErrorFilter extends BaseExceptionFilter implements ExceptionFilter {
  override catch(error: UnauthorizedError, host: ArgumentsHost) {
    super.catch(new HttpException(error.message, error.status), host);
  }
}

export async function create({ issuer }: Setup) {
  const nest = await app({ controllers: [NotesController] });
  nest.useGlobalFilters(new UnauthorizedErrorFilter(nest.get(HttpAdapterHost).httpAdapter));
  nest.use('/notes', auth({ issuerBaseURL: issuer, audience: RESOURCE }), requiredScopes(SCOPE));
  return nest;
}
