// One application in a process of its own: node … server.process.ts <adapter> [<issuer>]
import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { open, protectedBy } from './application.js';
import type { Message, Question } from './server-process.js';
import type { Usage } from './usage.js';

const RESOLUTION = 10;

const [adapter, issuer] = process.argv.slice(2);
const module = issuer === undefined ? open() : protectedBy(issuer);
const quiet = { logger: false } as const;
const app: INestApplication =
  adapter === 'fastify'
    ? await NestFactory.create(module, new FastifyAdapter(), quiet)
    : await NestFactory.create(module, quiet);
const server = app.getHttpServer() as Server & { keepAliveTimeout: number };
// Longer than any connection waits for its next request. A closed connection would be a violation.
server.keepAliveTimeout = 60_000;
await app.listen(0, '127.0.0.1');

let warnings = 0;
process.on('warning', () => warnings++);
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();

function usage(): Usage {
  globalThis.gc?.();
  return {
    heap: process.memoryUsage().heapUsed,
    resident: process.memoryUsage.rss(),
    descriptors: readdirSync('/dev/fd').length,
    sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    warnings,
    // The histogram holds the time between two ticks of its timer.
    delay: delay.percentile(99) / 1e6 - RESOLUTION,
  };
}

process.on('message', ({ id, question }: Question) => {
  if (question === 'reset') {
    delay.reset();
  }
  say(question === 'usage' ? { id, usage: usage() } : { id });
});
process.on('disconnect', () => process.exit());
say({ port: (server.address() as AddressInfo).port });

/** Sends a message to the parent. Ignores the error if the parent has ended. */
function say(message: Message): void {
  process.send?.(message, undefined, undefined, () => undefined);
}
