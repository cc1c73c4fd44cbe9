import { readFile } from 'node:fs/promises';
import { MAX_TOKEN_LENGTH } from '../token/max-token-length.js';
import { isOpaqueToken } from '../token/token-grammar.js';
import { UsageError, type Terminal } from './command.js';

/** The value of `--token-file` that stands for standard input. */
const STANDARD_INPUT = '-';

/**
 * Reads an access token from a file, from standard input or from `MCP_TOKEN`. The token is never an argument,
 * because other users of the machine can see arguments. No message contains the token or the name of the file,
 * because a user may have given the token in place of the name.
 *
 * @param file - the value of `--token-file`
 * @returns `undefined` if there is no token
 * @throws UsageError if standard input is a terminal
 * @throws Error if the token cannot be read, or the text is not one token
 */
export async function readToken(
  file: string | undefined,
  { stdin, env }: Terminal,
): Promise<string | undefined> {
  if (file === STANDARD_INPUT) {
    return checked(await readInput(stdin), 'Standard input');
  }
  if (file !== undefined) {
    return checked(await readTokenFile(file), 'The file of --token-file');
  }
  return env.MCP_TOKEN ? checked(env.MCP_TOKEN, 'MCP_TOKEN') : undefined;
}

async function readInput(stdin: Terminal['stdin']): Promise<string> {
  if (stdin.isTTY === true) {
    throw new UsageError('--token-file - needs a pipe or a file as standard input');
  }
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > 2 * MAX_TOKEN_LENGTH) {
      break;
    }
  }
  return text;
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    throw new Error(`the file of --token-file cannot be read (${code})`, { cause: error });
  }
}

function checked(text: string, source: string): string {
  const token = text.trim();
  if (token.length > MAX_TOKEN_LENGTH || !isOpaqueToken(token)) {
    throw new Error(
      `${source} must hold one token: one line without spaces, without "Bearer", of at most ${MAX_TOKEN_LENGTH} characters.`,
    );
  }
  return token;
}
