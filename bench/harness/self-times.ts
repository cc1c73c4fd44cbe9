import { readFileSync } from 'node:fs';

interface CallFrame {
  functionName: string;
  url: string;
  lineNumber: number;
}

interface CpuProfile {
  nodes: { id: number; callFrame: CallFrame }[];
  samples: number[];
  timeDeltas: number[];
}

/** Returns the functions that took most time, with their microseconds per request. */
export function functionTimes(file: string, requests: number): string[] {
  return selfTimes(file, requests, functionOf, 25);
}

/** Returns the packages that took most time. The library's own code counts as one package. */
export function packageTimes(file: string, requests: number): string[] {
  return selfTimes(file, requests, packageOf, 12);
}

function selfTimes(
  file: string,
  requests: number,
  nameOf: (frame: CallFrame) => string,
  count: number,
): string[] {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / requests);
  }
  return [...times]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([name, time]) => `${time.toFixed(2).padStart(8)} µs  ${name}`);
}

function functionOf({ functionName, url, lineNumber }: CallFrame): string {
  const [file = ''] = url.split(/\/(?=(?:node_modules|dist|build)\/)/).slice(-1);
  return `${functionName || '(anonymous)'} ${file}${file === '' ? '' : `:${lineNumber + 1}`}`;
}

function packageOf({ functionName, url }: CallFrame): string {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name !== undefined) {
    return name;
  }
  const isOwn = /\/dist\//.test(url) && !url.startsWith('node:');
  return isOwn ? 'nestjs-mcp-auth' : url.startsWith('node:') ? 'node' : functionName;
}
