// Runs the official MCP conformance suite against a server with and without the guard: there must be no difference.
import 'reflect-metadata';
import { Issuer } from '../support/issuer.js';
import { checkAuthorizationServer } from './authorization.js';
import { compareServers } from './servers.js';
import { ConformanceSuite } from './suite.js';

const suite = await ConformanceSuite.install();
const issuer = await Issuer.start();
try {
  const problems = [
    ...(await checkAuthorizationServer(suite)),
    ...(await compareServers(suite, issuer)),
  ];
  for (const problem of problems) console.log(`\nFAIL  ${problem}`);
  console.log(
    problems.length === 0
      ? '\nMCP behind the guard is MCP: no difference.'
      : `\nConformance failed: ${problems.length} problems.`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await issuer.down();
  await suite.remove();
}
