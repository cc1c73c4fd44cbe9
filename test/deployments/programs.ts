import { userInfo } from 'node:os';
import path from 'node:path';

const CERTIFICATE = '/etc/ssl/example.com.pem';
const KEY = '/etc/ssl/example.com.key';
const AUTHORITIES = '/etc/ssl/clients.pem';

/** A program, and what it needs besides the recipe to run for a test, as the user who runs the test. */
export interface Program {
  name: string;
  /** The heading of the recipe in docs/behind-a-proxy.md. */
  heading: string;
  language: string;
  /** Returns the replacements for the files and addresses in the recipe. Folder and port are those of the test. */
  replacements: (folder: string, port: number) => Record<string, string>;
  /** Returns the whole configuration, with the recipe in it. */
  complete: (recipe: string, folder: string, port: number) => string;
  arguments: (file: string) => string[];
  /** The signal that ends the program and the processes that it started, without delay. */
  signal: 'SIGTERM' | 'SIGKILL';
}

const certificates = (folder: string) => ({
  [CERTIFICATE]: path.join(folder, 'example.com.pem'),
  [KEY]: path.join(folder, 'example.com.key'),
});

const nginx: Program = {
  name: 'nginx',
  heading: 'nginx',
  language: 'nginx',
  replacements: (folder, port) => ({
    ...certificates(folder),
    'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
  }),
  complete: (server, folder) => `
    daemon off;
    user ${userInfo().username};
    pid ${folder}/nginx.pid;
    events {}
    http {
      access_log off;
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
      ${server}
    }`,
  arguments: (file) => ['-e', 'stderr', '-c', file],
  signal: 'SIGTERM',
};

const caddy: Program = {
  name: 'caddy',
  heading: 'Caddy',
  language: 'caddyfile',
  replacements: certificates,
  complete: (site, _folder, port) => `{
      admin off
      auto_https off
      default_bind 127.0.0.1
      https_port ${port}
    }
    ${site}`,
  arguments: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  signal: 'SIGKILL',
};

const haproxy: Program = {
  name: 'haproxy',
  heading: 'HAProxy',
  language: 'haproxy',
  replacements: (folder, port) => ({
    [CERTIFICATE]: path.join(folder, 'both.pem'),
    [AUTHORITIES]: path.join(folder, 'example.com.pem'),
    'bind :443': `bind 127.0.0.1:${port}`,
  }),
  complete: (all) => `${all}\n`,
  arguments: (file) => ['-db', '-f', file],
  signal: 'SIGKILL',
};

export const PROGRAMS = [nginx, caddy, haproxy];
