// Measures how cost and memory grow with resources, handlers, tokens and unknown key ids.
import { growthChart } from '../growth/chart.js';
import { floodOfKeyIds } from '../growth/flood.js';
import { measureMemory, memorySection, memoryTargets } from '../growth/memory.js';
import { growthSection, growthTargets, measureGrowth } from '../growth/sizes.js';
import { commandLine, machine } from '../harness/machine.js';
import { readOptions } from '../harness/options.js';
import { section, targetTable, writeReport } from '../harness/report.js';
import { TokenIssuer } from '../harness/token-issuer.js';

const options = readOptions(
  { starts: 5, warmUp: 10_000, rounds: 6, slice: 2000 },
  { starts: 1, warmUp: 200, rounds: 3, slice: 200 },
);
const { quick, out, starts } = options;
const tokens = quick ? 10_000 : 100_000;
const issuer = await TokenIssuer.start();

const express = await measureGrowth('express', issuer, options);
const expressText = growthSection('express', express);
const fastify = await measureGrowth('fastify', issuer, options);
const fastifyText = growthSection('fastify', fastify);
const memory = await measureMemory(issuer, {
  tokens,
  settle: quick ? 1 : 30,
  warmUp: options.warmUp,
});
const memoryText = memorySection(memory, tokens);
const flood = await floodOfKeyIds(issuer, quick ? 5 : 30);
await issuer.stop();

const targets = [
  ...growthTargets('express', express),
  ...growthTargets('fastify', fastify),
  ...memoryTargets(memory, tokens),
  ...flood.targets,
];
const text = [
  '# Scaling',
  machine(commandLine('bench:scale')),
  `- ${starts} starts with new processes, ${options.rounds} rounds after each start, slices of ${options.slice} requests over 32 connections. Medians with quartiles in brackets.`,
  '',
  section('Targets', targetTable(targets)),
  '![Cost per request and memory as applications grow](../docs/assets/scale.svg)',
  expressText,
  fastifyText,
  memoryText,
  flood.text,
].join('\n\n');
await writeReport(text, { file: 'bench/scale.md', quick, out });
await writeReport(growthChart({ express, fastify }, memory), {
  file: 'docs/assets/scale.svg',
  quick,
  out: out?.replace(/(\.md)?$/, '.svg'),
});
