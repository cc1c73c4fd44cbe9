import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthInfo } from 'nestjs-mcp-auth';
import { AppModule, NotesService } from './app.module';

describe('a Nest 11 CommonJS app under Jest', () => {
  let app: INestApplication;

  afterEach(() => app.close());

  it('challenges a request without a token', async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication();
    await app.listen(0, '127.0.0.1');

    const response = await fetch(`${await app.getUrl()}/notes`);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('scope="read:notes"');
  });

  it('lets a test replace the caller', async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(AuthInfo)
      .useValue({ subject: 'alice' })
      .compile();
    app = module.createNestApplication();

    await expect(app.get(NotesService).owner()).resolves.toBe('alice');
  });
});
