import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { EXIT, UsageError, type Command } from '../../../lib/cli/command.js';
import { runInTerminal } from '../../support/terminal.js';

const greet: Command = {
  name: 'greet',
  summary: 'Greets.',
  usage: 'Usage: npx nestjs-mcp-auth greet [--loud]',
  async run(args, { stdout }) {
    const { values } = parseArgs({ args, options: { loud: { type: 'boolean' } } });
    stdout.write(values.loud === true ? 'HELLO\n' : 'hello\n');
    return EXIT.problems;
  },
};

function failing(error: unknown): Command {
  return {
    ...greet,
    name: 'fail',
    async run() {
      throw error;
    },
  };
}

describe('run', () => {
  it('passes the arguments after the name, and returns the status of the command', async () => {
    expect(await runInTerminal([greet], ['greet', '--loud'])).toEqual({
      status: 1,
      stdout: 'HELLO\n',
      stderr: '',
    });
  });

  it.each([[[]], [['--help']], [['-h']]])('lists the commands for %j', async (args) => {
    const { status, stdout } = await runInTerminal([greet], args);
    expect(status).toBe(0);
    expect(stdout).toContain('  greet  Greets.\n');
  });

  it.each(['--help', '-h'])('prints the usage of a command for %s', async (flag) => {
    expect(await runInTerminal([greet], ['greet', '--loud', flag])).toEqual({
      status: 0,
      stdout: `${greet.usage}\n`,
      stderr: '',
    });
  });

  it.each(['--version', '-v'])('prints the version of the package for %s', async (flag) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect((await runInTerminal([greet], [flag])).stdout).toBe(`${version}\n`);
  });

  it('fails with the list of commands for an unknown command', async () => {
    const { status, stdout, stderr } = await runInTerminal([greet], ['gret']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^nestjs-mcp-auth: there is no command "gret"\.\n\nUsage: /);
  });

  it.each([
    ['an unknown option', greet, ['greet', '--lowd'], "Unknown option '--lowd'"],
    ['a wrong argument', failing(new UsageError('no such person')), ['fail'], 'no such person'],
  ])('fails with the usage for %s', async (_case, command, args, message) => {
    const { status, stderr } = await runInTerminal([command], args);
    expect(status).toBe(2);
    expect(stderr).toContain(`nestjs-mcp-auth ${command.name}: ${message}`);
    expect(stderr).toContain(greet.usage);
  });

  it.each([
    ['an error', new Error('the port is in use')],
    ['something that is no error', 'the port is in use'],
  ])('fails with one line if a command throws %s', async (_case, error) => {
    expect(await runInTerminal([failing(error)], ['fail'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'nestjs-mcp-auth fail: the port is in use\n',
    });
  });
});
