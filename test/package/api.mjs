// Writes the public surface of each entry point to `api/`. With `--check` it changes nothing, and fails if `api/` is
// out of date.
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { run } from './run.mjs';
import { entryPoints } from './tarball.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const reports = path.join(root, 'api');
/** The declarations without `@internal` members, and the new reports. */
const built = path.join(root, 'build', 'api');
const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;

const reportOf = ({ subpath }) => `${subpath === '.' ? 'index' : subpath.slice(2)}.api.md`;
const declarationsOf = ({ types }) => path.join(built, path.relative('dist', types));

async function compileDeclarations() {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // `npm run typecheck` reports the errors.
  const options = ['--noCheck', '--emitDeclarationOnly', '--stripInternal', '--outDir', built];
  const project = path.join(root, 'tsconfig.build.json');
  const withoutMaps = ['--sourceMap', 'false', '--inlineSources', 'false'];
  await run(process.execPath, [compiler, '-p', project, ...options, ...withoutMaps]);
}

function configOf(entry, entries) {
  const off = { default: { logLevel: 'none' } };
  return ExtractorConfig.prepare({
    packageJsonFullPath: path.join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarationsOf(entry),
      compiler: {
        overrideTsconfig: {
          extends: './tsconfig.build.json',
          include: [],
          files: entries.map(declarationsOf),
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: reportOf(entry),
        reportFolder: reports,
        reportTempFolder: built,
        // The options are types that only the alias of an exported type names.
        includeForgottenExports: true,
        tagsToReport: { '@experimental': true },
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // `checkDocumentation()` looks at the comments.
      messages: { extractorMessageReporting: off, tsdocMessageReporting: off },
      newlineKind: 'lf',
    },
  });
}

/** Returns the names of the reports that were out of date. With `check` it also prints the differences. */
async function report(entries) {
  await mkdir(reports, { recursive: true });
  const configs = entries.map((entry) => configOf(entry, entries));
  const compilerState = CompilerState.create(configs[0], {
    additionalEntryPoints: configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
  });
  return entries.map(reportOf).filter((_, index) => {
    const { apiReportChanged } = Extractor.invoke(configs[index], {
      compilerState,
      localBuild: !check,
      printApiReportDiff: check,
      messageCallback(message) {
        message.handled = true;
        const isDiff = message.messageId === 'console-api-report-diff';
        if (isDiff || message.category === 'Compiler') console.log(message.text);
      },
    });
    return apiReportChanged;
  });
}

/** Returns the reports whose entry point is gone. Without `check` they are deleted. */
async function leftOver(entries) {
  const current = entries.map(reportOf);
  const names = (await readdir(reports)).filter((name) => !current.includes(name));
  if (!check) await Promise.all(names.map((name) => rm(path.join(reports, name))));
  return names;
}

process.chdir(root);
await compileDeclarations();
const entries = await entryPoints(root);
const changed = [...(await report(entries)), ...(await leftOver(entries))].map((name) =>
  path.join('api', name),
);
if (check && changed.length > 0) {
  console.log(
    `The public surface changed: ${changed.join(', ')}.\nIf this is intended, run "npm run api" and commit the result.`,
  );
  process.exitCode = 1;
} else {
  console.log(
    changed.length > 0 ? `Updated: ${changed.join(', ')}` : 'The public surface is that of api/.',
  );
}
