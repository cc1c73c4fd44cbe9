type Done = (error?: Error | null) => void;

/** Reads the arguments of `write(chunk, encoding?, done?)` and of `end`, where the chunk may be missing. */
export function readArguments([chunk, ...rest]: readonly unknown[]): {
  chunk: Buffer;
  done?: Done;
} {
  const encoding = rest.find((given) => typeof given === 'string') as BufferEncoding | undefined;
  const done = [chunk, ...rest].find((given) => typeof given === 'function') as Done | undefined;
  if (typeof chunk === 'string') {
    return { chunk: Buffer.from(chunk, encoding), done };
  }
  const bytes = chunk instanceof Uint8Array ? chunk : new Uint8Array();
  return { chunk: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), done };
}
