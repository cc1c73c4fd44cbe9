import {
  Controller,
  ForbiddenException,
  Get,
  Inject,
  Module,
  Req,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { passportJwtSecret } from 'jwks-rsa';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { ALGORITHMS, app, notesOf, RESOURCE, SCOPE, type Setup } from './contender.js';

const SETUP = Symbol('setup');

class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(@Inject(SETUP) { issuer, jwksUri }: Setup) {
    super({
      secretOrKeyProvider: passportJwtSecret({ jwksUri, cache: true, rateLimit: true }),
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      issuer,
      audience: RESOURCE,
      algorithms: ALGORITHMS as never,
    });
  }

  validate({ sub, scope }: { sub: string; scope: string }) {
    if (!scope.split(' ').includes(SCOPE)) {
      throw new ForbiddenException();
    }
    return { sub };
  }
}

@Controller('notes')
class NotesController {
  @Get()
  @UseGuards(AuthGuard('jwt'))
  list(@Req() request: { user?: { sub: string } }) {
    return notesOf(request.user?.sub);
  }
}

@Module({})
class AuthModule {}

export function create(setup: Setup) {
  const providers = [{ provide: SETUP, useValue: setup }, JwtStrategy];
  const module = { module: AuthModule, providers };
  return app({ controllers: [NotesController], imports: [module] });
}
