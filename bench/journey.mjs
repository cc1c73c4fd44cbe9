// Prints the files of the library that a request passes: `npm run build && npm run journey`. With a folder, it
// runs another build of the library: `npm run journey -- <folder>`.
import 'reflect-metadata';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Session } from 'node:inspector/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const dist = path.resolve(process.argv[2] ?? 'dist');
const { McpAuthModule, RequireScopes } = await import(pathToFileURL(path.join(dist, 'index.js')));
const RESOURCE = 'http://localhost/notes';

const { publicKey, privateKey } = await generateKeyPair('RS256');
const key = { ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'key', use: 'sig' };
const server = createServer((request, response) => {
  const body = request.url === '/jwks' ? { keys: [key] } : metadata;
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}).listen(0, 'localhost');
await once(server, 'listening');
const issuer = `http://localhost:${server.address().port}`;
const metadata = { issuer, jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'] };

class NotesController {
  list() {
    return [];
  }
}
const list = Object.getOwnPropertyDescriptor(NotesController.prototype, 'list');
Get()(NotesController.prototype, 'list', list);
RequireScopes('read:notes')(NotesController.prototype, 'list', list);
Controller('notes')(NotesController);

class AppModule {}
const protectedResources = { metadata: { resource: RESOURCE, authorizationServers: [issuer] } };
const imports = [McpAuthModule.forRoot({ protectedResources })];
Module({ imports, controllers: [NotesController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
const url = `${await app.getUrl()}/notes`;

const mint = (subject) =>
  new SignJWT({ scope: 'read:notes', sub: subject })
    .setProtectedHeader({ alg: 'RS256', kid: 'key', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(RESOURCE)
    .setExpirationTime('5m')
    .sign(privateKey);
const ask = async (token) => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(url, { headers })).status;
};

const session = new Session();
session.connect();
await session.post('Profiler.enable');

async function journey(name, token) {
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const status = await ask(token);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await session.post('Profiler.stopPreciseCoverage');
  const prefix = `${pathToFileURL(dist)}/`;
  const files = result
    .filter((script) => script.url.startsWith(prefix))
    .filter(({ functions }) => functions.some(({ ranges: [whole] }) => whole.count > 0))
    .map((script) => script.url.slice(prefix.length));
  const folders = new Set(files.map((file) => file.split('/')[0]));
  console.log(`${name} (${status}): ${files.length} files in ${folders.size} folders`);
  return files;
}

// Fetches the documents first, so that the code that fetches them is not counted.
const cached = await mint('cached');
await ask(cached);
await ask();
const files = await journey('a new JWT', await mint('new'));
await journey('a cached JWT', cached);
await journey('no token', undefined);
console.log(`\nThe files of a new JWT:\n${files.join('\n')}`);

await app.close();
server.close();
