import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const PACKAGES = [
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  'express',
  'fastify',
  'nestjs-mcp-auth',
  'jose',
  'mcp-auth',
  '@modelcontextprotocol/express',
  'express-oauth2-jwt-bearer',
  '@nestjs/passport',
  'passport-jwt',
  'jwks-rsa',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/sdk-metrics',
];

/** Describes the run, the machine and the versions, so that readers can compare the numbers with their own. */
export function machine(command: string): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, \`${command}\``,
    `- ${cpu?.model.trim()}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}`,
    `- Node ${process.versions.node}`,
    `- ${PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ')}`,
  ].join('\n');
}

/** Reads the version from the file system, because not every package exports its package.json. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  const folders = require.resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      const text = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      continue;
    }
  }
  throw new Error(
    `${name} is not installed. It was looked up from ${dirname(fileURLToPath(import.meta.url))}`,
  );
}

export function commandLine(script: string): string {
  const options = process.argv.slice(2);
  return ['npm run', script, ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
}
