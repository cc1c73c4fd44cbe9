import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Given = OutgoingHttpHeaders | readonly (OutgoingHttpHeader | readonly OutgoingHttpHeader[])[];

/** The arguments of Node's `writeHead`. */
export type HeadArguments = readonly [status: number, ...rest: unknown[]];

/**
 * Sets the arguments of `writeHead` on a response, without sending them. If Node got the header fields as
 * arguments of `writeHead`, they could be neither read nor changed.
 */
export function setHead(response: ServerResponse, [status, ...rest]: HeadArguments): void {
  response.statusCode = status;
  const [reason] = rest;
  if (typeof reason === 'string') {
    response.statusMessage = reason;
  }
  for (const [name, values] of headerFields(rest.find((given) => typeof given === 'object'))) {
    response.setHeader(name, values);
  }
}

/** Reads the header fields in each form that Node accepts: an object, a flat list, or a list of pairs. */
function headerFields(given: unknown): [string, OutgoingHttpHeader][] {
  const fields = new Map<string, [string, OutgoingHttpHeader]>();
  for (const [name, value] of pairs((given ?? {}) as Given)) {
    if (value !== undefined) {
      const [, earlier] = fields.get(name.toLowerCase()) ?? [];
      const values = earlier === undefined ? value : [earlier, value].flat().map(String);
      fields.set(name.toLowerCase(), [name, values]);
    }
  }
  return [...fields.values()];
}

function pairs(given: Given): [string, OutgoingHttpHeader | undefined][] {
  if (!Array.isArray(given)) {
    return Object.entries(given) as [string, OutgoingHttpHeader | undefined][];
  }
  const list = given as readonly unknown[];
  return Array.isArray(list[0])
    ? (list as [string, OutgoingHttpHeader][])
    : list.flatMap((name, index) =>
        index % 2 === 0 ? [[String(name), list[index + 1] as OutgoingHttpHeader]] : [],
      );
}

/** Calls `listener` when the status and the header fields are about to be sent. */
export function onHead(response: ServerResponse, listener: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    setHead(response, args as unknown as HeadArguments);
    listener();
    return writeHead(response.statusCode);
  };
}
