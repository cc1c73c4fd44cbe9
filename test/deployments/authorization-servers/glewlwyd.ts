import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';
import { freePort } from '../../support/mcp-flow/free-port.js';
import { SCOPES } from '../../support/mcp-flow/whoami-app.js';
import { RunningProgram } from '../running-program.js';
import { GlewlwydSession } from './glewlwyd-session.js';
import type { AuthorizationServer } from './authorization-server.js';

/** The tables, a first administrator and the modules of users and clients, as Debian installs them. */
const TABLES = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3';
const ADMINISTRATOR = { username: 'admin', password: 'password' };
const USER = { username: 'alice', password: 'a password, made up' };
const PLUGIN = '/api/mod/plugin/oidc';

/** A real Glewlwyd, with its OpenID Connect plugin at `/api/oidc`. */
export class Glewlwyd implements AuthorizationServer {
  readonly issuer: string;

  private keys = 0;

  private constructor(
    private readonly origin: string,
    private readonly program: RunningProgram,
    private readonly administrator: GlewlwydSession,
    private readonly user: GlewlwydSession,
  ) {
    this.issuer = `${origin}/api/oidc`;
  }

  /** @param resources - the resource identifiers that tokens may be for */
  static async start(resources: string[]): Promise<Glewlwyd> {
    const folder = await mkdtemp(path.join(tmpdir(), 'nestjs-mcp-auth-glewlwyd-'));
    const port = await freePort();
    const database = path.join(folder, 'database');
    const config = path.join(folder, 'config');
    await promisify(execFile)('sqlite3', [database, 'BEGIN', `.read ${TABLES}`, 'COMMIT']);
    await writeFile(config, configuration(port, database));
    const program = await RunningProgram.start('glewlwyd', ['--config-file', config], {
      port,
      folder,
      signal: 'SIGKILL',
    });
    const origin = `http://localhost:${port}`;
    const administrator = await GlewlwydSession.logIn(origin, ADMINISTRATOR);
    for (const name of SCOPES) {
      const scope = { name, display_name: name, password_required: true, scheme: {} };
      await administrator.send('POST', '/api/scope/', scope);
    }
    const user = { ...USER, enabled: true, scope: ['openid', ...SCOPES] };
    await administrator.send('POST', '/api/user/', user);
    const session = await GlewlwydSession.logIn(origin, USER);
    const server = new Glewlwyd(origin, program, administrator, session);
    await server.addPlugin(resources);
    return server;
  }

  private async addPlugin(resources: string[]): Promise<void> {
    const parameters = {
      ...PARAMETERS,
      iss: this.issuer,
      'jwks-private': await this.newKeys(),
      'resource-scope': Object.fromEntries(SCOPES.map((scope) => [scope, resources])),
    };
    const plugin = { module: 'oidc', name: 'oidc', display_name: 'oidc', parameters };
    await this.administrator.send('POST', '/api/mod/plugin/', plugin);
  }

  private async newKeys(): Promise<string> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const key = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: `key-${++this.keys}` };
    return JSON.stringify({ keys: [key] });
  }

  async rotate(): Promise<void> {
    const answer = await this.administrator.send('GET', PLUGIN);
    const plugin = (await answer.json()) as { parameters: Record<string, unknown> };
    plugin.parameters['jwks-private'] = await this.newKeys();
    await this.administrator.send('PUT', PLUGIN, plugin);
    await this.administrator.send('PUT', `${PLUGIN}/reset`);
  }

  async logIn(authorizationUrl: URL): Promise<URLSearchParams> {
    return this.user.authorize(authorizationUrl);
  }

  async stop(): Promise<void> {
    await this.program.stop();
  }
}

const PARAMETERS = {
  'jwt-type': 'ecdsa',
  'jwt-key-size': '256',
  'jwks-show': true,
  'access-token-duration': 3600,
  'refresh-token-duration': 3600,
  'code-duration': 600,
  'allowed-scope': ['openid', ...SCOPES],
  'allow-non-oidc': true,
  'auth-type-code-enabled': true,
  'auth-type-client-enabled': true,
  'auth-type-refresh-enabled': true,
  'pkce-allowed': true,
  'pkce-required': true,
  'register-client-allowed': true,
  'register-client-auth-scope': [],
  'register-client-credentials-scope': [],
  'introspection-revocation-allowed': true,
  'introspection-revocation-allow-target-client': true,
  'oauth-dpop-allowed': true,
  'oauth-dpop-iat-duration': 60,
  'resource-allowed': true,
};

const configuration = (port: number, database: string) => `
port = ${port}
bind_address = "127.0.0.1"
external_url = "http://localhost:${port}"
api_prefix = "api"
login_url = "login.html"
static_files_path = "/usr/share/glewlwyd/webapp/"
log_mode = "console"
log_level = "WARNING"
cookie_domain = "localhost"
cookie_secure = 0
session_key = "GLEWLWYD2_SESSION_ID"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
database = { type = "sqlite3" path = "${database}" }
`;
