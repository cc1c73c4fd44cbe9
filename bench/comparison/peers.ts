import { at } from '../harness/at.js';
import { isCheap, type Description } from '../harness/contenders.js';
import { Requests } from '../harness/requests.js';
import { timesTheLeast, type Outcomes } from '../harness/outcome.js';
import { section, show, table } from '../harness/report.js';
import type { Comparison, Field, Load } from './comparison.js';
import { peerTargets } from './peer-targets.js';

/** Compares all contenders under one kind of load. */
export function peersUnder(load: Load): Comparison {
  const { algorithm, tokens } = load;
  const title = `${algorithm}, ${tokens === 1 ? 'one token' : `${tokens} tokens`}`;
  return {
    async entrants(field, servers) {
      const requests = Requests.withTokens(await field.issuer.mint({ algorithm, count: tokens }));
      return supporting(field, load).map((contender) => {
        const server = at(servers, contender.name);
        return { ...contender, server, requests, isCheap: isCheap(contender) };
      });
    },
    report: (outcomes, field) => ({
      text: section(title, outcomeTable(field, load, outcomes)),
      targets: peerTargets(field, load, outcomes, title),
    }),
  };
}

function supporting(field: Field, load: Load): Description[] {
  return underLoad(field, load).filter(
    ({ name }) => field.support.get(name)?.get(load.algorithm) === undefined,
  );
}

/** Leaves parts out except with RS256. They cost the same with every algorithm, apart from the verification. */
function underLoad({ contenders }: Field, { algorithm }: Load): Description[] {
  return contenders.filter(({ isPart = false }) => !isPart || algorithm === 'RS256');
}

function outcomeTable(field: Field, load: Load, outcomes: Outcomes): string {
  const rows = underLoad(field, load).map(({ name, label, baseline, least }) => {
    const outcome = outcomes.get(name);
    if (outcome === undefined) {
      const reason = field.support.get(name)?.get(load.algorithm) ?? '';
      return [label, 'not supported', reason, '', '', ''];
    }
    const { perSecond, cpu, ratio, above } = outcome;
    const floor = least === undefined ? undefined : outcomes.get(least);
    return [
      label,
      perSecond.median.toFixed(0),
      ...(baseline === undefined
        ? ['1', show(cpu, 1), '']
        : [show(ratio, 3), show(cpu, 1), show(above, 1)]),
      floor === undefined ? '' : timesTheLeast(outcome, floor).toFixed(2),
    ];
  });
  return table(
    [
      '',
      'requests/s',
      'throughput ÷ open route',
      'CPU µs/request',
      'CPU µs above the open route',
      'times the minimal guard',
    ],
    rows,
  );
}
