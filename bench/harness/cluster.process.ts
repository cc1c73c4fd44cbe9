// Runs one contender in several processes that share a port, with Node's `cluster`.
import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { answer } from './child.js';

const [name = '', setup = '', workers = '1'] = process.argv.slice(2);
cluster.setupPrimary({
  exec: fileURLToPath(new URL('server.process.js', import.meta.url)),
  args: [name, setup],
  serialization: 'advanced',
});
const all = [...Array(Number(workers))].map(() => cluster.fork());
cluster.on('exit', ({ process: { exitCode } }) => {
  throw new Error(`A worker of ${name} ended with code ${exitCode}. See its output above.`);
});
const ports = new Set(await Promise.all(all.map(readyPort)));
const [port] = ports;
if (ports.size !== 1) {
  throw new Error(`The workers listen on different ports: ${[...ports].join(', ')}.`);
}

let asked = 0;
answer({ port }, { usage });

/** Adds up the usage of all workers. */
async function usage() {
  const usages = await Promise.all(all.map(usageOf));
  const sum = (pick: (usage: Usage) => number) =>
    usages.reduce((total, one) => total + pick(one), 0);
  return {
    cpu: sum(({ cpu }) => cpu),
    memory: sum(({ memory }) => memory),
    heap: sum(({ heap }) => heap),
  };
}

interface Usage {
  cpu: number;
  memory: number;
  heap: number;
}

function readyPort(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.once('message', ({ value }: { value: { port: number } }) => resolve(value.port));
  });
}

function usageOf(worker: Worker): Promise<Usage> {
  const question = { id: ++asked, question: 'usage' };
  return new Promise((resolve) => {
    const listen = ({ id, value }: { id: number; value: Usage }) => {
      if (id === question.id) {
        worker.off('message', listen);
        resolve(value);
      }
    };
    worker.on('message', listen);
    worker.send(question);
  });
}
