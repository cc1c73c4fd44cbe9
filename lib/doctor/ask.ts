import type { IncomingHttpHeaders } from 'node:http';
import { AuthorizationServerError } from '../errors/authorization-server.error.js';
import { Deadline } from '../async/deadline.js';
import { untilAborted } from '../async/until-aborted.js';
import { DEFAULT_FETCH_TIMEOUT } from '../authorization-server/fetching/fetch-text.js';
import {
  sendRequest,
  type HttpAnswer,
  type RequestParts,
} from '../authorization-server/fetching/http-request.js';
import { NamedNetwork } from './named-network.js';
import { UnreachableError } from './unreachable.js';

/** The greatest number of bytes of an answer. The text of a larger answer is not used. */
const MAX_BYTES = 1024 * 1024;

/** A request of the doctor. */
export interface Question {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer to a request. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body. Empty if the body was not read. `undefined` if the body is larger than 1 MiB, or compressed. */
  readonly text: string | undefined;
  /** The local time when the answer came, in milliseconds. */
  readonly at: number;
}

/** Sends the requests of the doctor. It limits their time and size, and follows no redirect. */
export class Asker {
  readonly network: NamedNetwork;

  /** @param named - the URL that the user named: it decides which addresses are asked */
  constructor(
    readonly named: string,
    readonly timeout = DEFAULT_FETCH_TIMEOUT,
  ) {
    this.network = new NamedNetwork(named);
  }

  /**
   * Sends a request, and returns the head of the answer. An MCP server may send events without an end, so the
   * body is not read.
   *
   * @throws UnreachableError if there is no answer
   * @throws AuthorizationServerError if the URL must not be asked
   */
  async ask(url: string, question: Question): Promise<Answer> {
    return this.send(url, question, readNothing);
  }

  /** Sends a request for a document. The errors are those of {@link Asker.ask}. */
  async fetch(url: string, headers: Question['headers'] = {}): Promise<Answer> {
    return this.send(url, { method: 'GET', headers }, readText);
  }

  /** Sends a request with a JSON body, and reads the answer. The errors are those of {@link Asker.ask}. */
  async post(url: string, body: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.send(url, { method: 'POST', headers, body: JSON.stringify(body) }, readText);
  }

  private async send(
    url: string,
    question: Question,
    read: (answer: HttpAnswer) => Promise<string | undefined>,
  ): Promise<Answer> {
    const deadline = new Deadline(this.timeout);
    const { signal } = deadline;
    try {
      const target = new URL(url);
      const lookup = this.network.addressesOf(target, this.timeout);
      const addresses = await untilAborted(lookup, signal);
      const answer = await sendRequest(target, addresses, signal, partsOf(question));
      const at = Date.now();
      const text = await untilAborted(read(answer), signal).finally(() => answer.destroy());
      return { url, status: answer.statusCode ?? 0, headers: answer.headers, text, at };
    } catch (error) {
      throw error instanceof AuthorizationServerError
        ? error
        : new UnreachableError(url, deadline.isOver ? signal.reason : error);
    } finally {
      deadline.clear();
    }
  }
}

function partsOf({ method, headers, body }: Question): RequestParts {
  return {
    method,
    headers: {
      accept: 'application/json',
      // A compressed answer could be a decompression bomb.
      'accept-encoding': 'identity',
      'user-agent': 'nestjs-mcp-auth-doctor',
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
    body,
  };
}

const readNothing = () => Promise.resolve('');

async function readText(answer: HttpAnswer): Promise<string | undefined> {
  if ((answer.headers['content-encoding'] ?? 'identity') !== 'identity') {
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
