import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';

const LOADER = new URL('../../support/process/typescript.mjs', import.meta.url).href;

/**
 * Returns `true` if this process can make network namespaces. Otherwise it prints a line, or with `CI=true` throws
 * an error, because everything must be tested there.
 */
export function canMakeNetworks(): boolean {
  const name = `mcp-auth-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return true;
  } catch {
    const message =
      'network namespaces cannot be made, but these tests use them (iproute2, as root)';
    if (process.env.CI === 'true') {
      throw new Error(message);
    }
    process.stderr.write(`Skipped: ${message}\n`);
    return false;
  }
}

/**
 * A network of machines in network namespaces, as containers have them. Each machine has a loopback of its
 * own, and reaches the other machines only by their names. No container engine is needed.
 */
export class ContainerNetwork {
  private readonly children: ChildProcess[] = [];

  private constructor(private readonly names: readonly string[]) {}

  static async start(names: readonly string[]): Promise<ContainerNetwork> {
    const network = new ContainerNetwork(names);
    try {
      await network.connectAll();
      return network;
    } catch (error) {
      await network.stop();
      throw error;
    }
  }

  private async connectAll(): Promise<void> {
    ip('netns', 'add', SWITCH);
    ip('-n', SWITCH, 'link', 'add', 'bridge', 'type', 'bridge');
    ip('-n', SWITCH, 'link', 'set', 'bridge', 'up');
    const hosts = this.names.map((name, index) => `${addressOf(index)} ${name}\n`).join('');
    for (const [index, name] of this.names.entries()) {
      connect(namespaceOf(name), index);
      await mkdir(filesOf(name), { recursive: true });
      await writeFile(`${filesOf(name)}/hosts`, `127.0.0.1 localhost\n${hosts}`);
    }
  }

  /** Runs a script on a machine, and returns the first message of the script. */
  async run(
    name: string,
    script: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<unknown> {
    const child = fork(new URL(script, import.meta.url), args, {
      execPath: 'ip',
      execArgv: ['netns', 'exec', namespaceOf(name), process.execPath, '--import', LOADER],
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    return new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error(`${script} on ${name} has ended:\n${output}`)));
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.children.map(kill));
    const namespaces = [...this.names.map(namespaceOf), SWITCH];
    for (const namespace of namespaces.filter(exists)) {
      ip('netns', 'del', namespace);
    }
    await Promise.all(
      this.names.map((name) => rm(filesOf(name), { recursive: true, force: true })),
    );
  }
}

/** Runs a command of iproute2. */
function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: 'pipe' });
}

/** The namespace that connects the namespaces of the machines. */
const SWITCH = namespaceOf('switch');

function namespaceOf(name: string): string {
  return `${name}-${process.pid}`;
}

function exists(namespace: string): boolean {
  return ip('netns', 'list').split(/\s+/).includes(namespace);
}

/** Returns the folder whose files take the place of those in /etc, see ip-netns(8). */
function filesOf(name: string): string {
  return `/etc/netns/${namespaceOf(name)}`;
}

function addressOf(index: number): string {
  return `10.77.0.${index + 1}`;
}

/** Makes a machine with a loopback and one address. */
function connect(namespace: string, index: number): void {
  const port = `port${index}`;
  ip('netns', 'add', namespace);
  ip(
    ...['link', 'add', 'eth0', 'netns', namespace, 'type', 'veth'],
    ...['peer', 'name', port, 'netns', SWITCH],
  );
  ip('-n', SWITCH, 'link', 'set', port, 'master', 'bridge', 'up');
  ip('-n', namespace, 'address', 'add', `${addressOf(index)}/24`, 'dev', 'eth0');
  ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
