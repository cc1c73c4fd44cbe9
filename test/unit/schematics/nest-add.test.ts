import { describe, expect, it } from '@jest/globals';
import type { Flags } from '../../../lib/schematics/flags.js';
import { nestAdd } from '../../../lib/schematics/nest-add.js';
import { MemoryTree } from '../../support/memory-tree.js';

const FLAGS: Flags = {
  issuer: 'https://auth.example.com',
  resource: 'http://localhost:3000/mcp',
  sourceRoot: 'src',
};

const MAIN = `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();
`;

const MODULE = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';

@Module({
  imports: [],
  controllers: [AppController],
})
export class AppModule {}
`;

const MODULE_WITH_AUTH = `import { Module } from '@nestjs/common';
import { AppController } from './app.controller';
import { McpAuthModule } from 'nestjs-mcp-auth';

@Module({
  imports: [
    McpAuthModule.forRoot({
      protectedResources: {
        metadata: {
          resource: 'http://localhost:3000/mcp',
          authorizationServers: ['https://auth.example.com'],
        },
      },
    }),
  ],
  controllers: [AppController],
})
export class AppModule {}
`;

const OTHERS = { 'package.json': '{}', 'src/main.ts': MAIN };

/** Runs the schematic, and returns what it printed. */
function add(tree: MemoryTree, flags: Partial<Flags> = {}): string {
  const printed: string[] = [];
  const logger = { info: (message: string) => void printed.push(message) };
  nestAdd({ ...FLAGS, ...flags })(tree, { logger });
  return printed.join('\n');
}

/** Runs the schematic, which must fail and change nothing, and returns the message. */
function failure(files: Record<string, string | Buffer>, flags?: Partial<Flags>): string {
  const tree = new MemoryTree(files);
  const before = tree.files;
  try {
    add(tree, flags);
  } catch (error) {
    expect(tree.files).toEqual(before);
    return (error as Error).message;
  }
  throw new Error('It did not fail.');
}

describe('nest add', () => {
  it('adds the module to the root module, and changes no other file', () => {
    const tree = new MemoryTree({ ...OTHERS, 'src/app.module.ts': MODULE });
    add(tree);
    expect(tree.files).toEqual({ ...OTHERS, 'src/app.module.ts': MODULE_WITH_AUTH });
  });

  it('changes nothing when it runs again, and says so, without flags too', () => {
    const tree = new MemoryTree({ ...OTHERS, 'src/app.module.ts': MODULE });
    add(tree);
    const once = tree.files;
    expect(add(tree, { issuer: undefined, resource: undefined })).toBe(
      'src/app.module.ts has McpAuthModule.forRoot() already, so nothing was changed.',
    );
    expect(tree.files).toEqual(once);
  });

  it('says where the module is, that handlers need a token, and what to do next', () => {
    const printed = add(new MemoryTree({ ...OTHERS, 'src/app.module.ts': MODULE }));
    expect(printed).toMatch(/^McpAuthModule is in src\/app\.module\.ts now\. .*@Public\(\)\.\n/);
    expect(printed).toContain('docs/mcp.md');
    expect(printed).toContain('npx nestjs-mcp-auth doctor http://localhost:3000/mcp');
    expect(printed).not.toContain('Jest');
  });

  it('quotes a URL with characters that a shell treats specially', () => {
    const tree = new MemoryTree({ ...OTHERS, 'src/app.module.ts': MODULE });
    expect(add(tree, { resource: "https://api.example.com/it's?a=1&b=2" })).toContain(
      `doctor 'https://api.example.com/it'\\''s?a=1&b=2'`,
    );
    expect(tree.files['src/app.module.ts']).toContain(
      `resource: 'https://api.example.com/it\\'s?a=1&b=2',`,
    );
  });

  it.each([
    ['a CommonJS application with Jest', { jest: {} }, true],
    ['an ESM application with Jest', { type: 'module', jest: {} }, false],
    ['a CommonJS application with Vitest', { devDependencies: { vitest: '^5' } }, false],
  ])('mentions the configuration of Jest or not: %s', (_, manifest, isMentioned) => {
    const files = { ...OTHERS, 'package.json': JSON.stringify(manifest) };
    const printed = add(new MemoryTree({ ...files, 'src/app.module.ts': MODULE }));
    expect(printed.includes('Jest')).toBe(isMentioned);
  });
});

describe('the flags', () => {
  const files = { ...OTHERS, 'src/app.module.ts': MODULE };

  it('are named if they are missing', () => {
    expect(failure(files, { issuer: undefined, resource: '' }).split('\n')).toEqual([
      'McpAuthModule was not added:',
      '- --issuer is missing: give a URL, such as --issuer https://auth.example.com',
      '- --resource is missing: give a URL, such as --resource http://localhost:3000/mcp',
    ]);
  });

  it.each([
    [
      'issuer',
      'auth.example.com',
      "must be an absolute URL with scheme and host, such as .* \\(given: 'auth\\.example\\.com'\\)",
    ],
    ['issuer', 'http://auth.example.com', 'must use https:'],
    [
      'issuer',
      'https://a.example/.well-known/openid-configuration',
      'must be the issuer identifier.* did you mean "https://a\\.example"',
    ],
    ['issuer', 'https://a.example?tenant=1', 'must not have a query'],
    ['issuer', 'https://a.example/{tenant}', 'must not contain "\\{tenant\\}".*docs/tenants\\.md'],
    ['resource', 'localhost:3000/mcp', 'must be an absolute URL'],
    ['resource', 'http://api.example.com/mcp', 'must use https:.*put a proxy with a certificate'],
    ['resource', 'https://api.example.com/mcp#x', 'must not have a fragment'],
    [
      'resource',
      'https://api.example.com/{tenant}/mcp',
      'must not contain "\\{tenant\\}".*docs/tenants\\.md',
    ],
    ['resource', 'https://api.example.com/*', 'must not have "\\*"'],
    ['resource', "https://a.example/',evil()\n,'", 'must be an absolute URL'],
    ['resource', 'https://me:secret@api.example.com', 'must not contain a user name or password'],
  ])('are checked as the start of the application does: --%s %s', (flag, value, problem) => {
    const message = failure(files, { [flag]: value });
    expect(message).toMatch(new RegExp(`^McpAuthModule was not added:\\n- --${flag} ${problem}`));
    expect(message).not.toContain('secret');
  });
});

describe('the shape of the root module', () => {
  const ITEM = `McpAuthModule.forRoot({
      protectedResources: {
        metadata: {
          resource: 'http://localhost:3000/mcp',
          authorizationServers: ['https://auth.example.com'],
        },
      },
    }),`;
  const IMPORT = "import { McpAuthModule } from 'nestjs-mcp-auth';";

  /** The module class with an argument of its decorator. */
  const module = (metadata: string, more = '') =>
    `import { Module } from '@nestjs/common';\n${more}\n@Module(${metadata})\nexport class AppModule {}\n`;

  const added = (content: string) => {
    const tree = new MemoryTree({ ...OTHERS, 'src/app.module.ts': content });
    add(tree);
    return tree.files['src/app.module.ts'];
  };

  it.each([
    ['is empty', '{}', `{\n  imports: [\n    ${ITEM}\n  ],\n}`],
    [
      'has no imports',
      '{\n  providers: [A],\n}',
      `{\n  providers: [A],\n  imports: [\n    ${ITEM}\n  ],\n}`,
    ],
    [
      'has no imports, on one line',
      '{ controllers: [A], providers: [B] }',
      `{\n  controllers: [A],\n  providers: [B],\n  imports: [\n    ${ITEM}\n  ],\n}`,
    ],
    ['has empty imports', '{\n  imports: [],\n}', `{\n  imports: [\n    ${ITEM}\n  ],\n}`],
    ['has one import', '{\n  imports: [A],\n}', `{\n  imports: [\n    A,\n    ${ITEM}\n  ],\n}`],
    [
      'has imports on one line with comments',
      '{\n  imports: [A /* a */, /* b */ B /* c */],\n}',
      `{\n  imports: [\n    A /* a */,\n    /* b */ B, /* c */\n    ${ITEM}\n  ],\n}`,
    ],
    [
      'has imports on several lines',
      '{\n  imports: [\n    A,\n    B.forRoot({ x: [1] }),\n  ],\n}',
      `{\n  imports: [\n    A,\n    B.forRoot({ x: [1] }),\n    ${ITEM}\n  ],\n}`,
    ],
    [
      'has no comma after the last import, but a comment',
      '{\n  imports: [\n    A, // a\n    B // b\n    // McpAuthModule.forRoot({}),\n  ]\n}',
      `{\n  imports: [\n    A, // a\n    B, // b\n    // McpAuthModule.forRoot({}),\n    ${ITEM}\n  ]\n}`,
    ],
    [
      'has only a comment in its imports',
      '{\n  imports: [\n    // nothing yet ]\n  ],\n}',
      `{\n  imports: [\n    // nothing yet ]\n    ${ITEM}\n  ],\n}`,
    ],
    [
      'has a spread in its imports',
      '{\n  imports: [...others],\n}',
      `{\n  imports: [\n    ...others,\n    ${ITEM}\n  ],\n}`,
    ],
    [
      'has a spread before its imports',
      '{\n  ...base,\n  imports: [],\n}',
      `{\n  ...base,\n  imports: [\n    ${ITEM}\n  ],\n}`,
    ],
    ['has a key in quotes', "{\n  'imports': [],\n}", `{\n  'imports': [\n    ${ITEM}\n  ],\n}`],
    [
      'has an import on several lines that begins beside the bracket',
      '{\n  imports: [A.forRoot({\n    a: 1,\n  }), B],\n}',
      `{\n  imports: [A.forRoot({\n    a: 1,\n  }), B,\n    ${ITEM}\n  ],\n}`,
    ],
  ])('%s', (_, metadata, expected) => {
    expect(added(module(metadata))).toBe(module(expected, `${IMPORT}\n`));
  });

  it('has CRLF line breaks, tabs, double quotes and no semicolons', () => {
    const content = [
      'import { Module } from "@nestjs/common" // Nest',
      '',
      '@Module({',
      '\timports: [],',
      '})',
      'export class AppModule {}',
      '',
    ].join('\r\n');
    expect(added(content)).toBe(
      [
        'import { Module } from "@nestjs/common" // Nest',
        'import { McpAuthModule } from "nestjs-mcp-auth"',
        '',
        '@Module({',
        '\timports: [',
        '\t\tMcpAuthModule.forRoot({',
        '\t\t\tprotectedResources: {',
        '\t\t\t\tmetadata: {',
        '\t\t\t\t\tresource: "http://localhost:3000/mcp",',
        '\t\t\t\t\tauthorizationServers: ["https://auth.example.com"],',
        '\t\t\t\t},',
        '\t\t\t},',
        '\t\t}),',
        '\t],',
        '})',
        'export class AppModule {}',
        '',
      ].join('\r\n'),
    );
  });

  it('has an import after the class', () => {
    const content = `${MODULE}import { A } from './a';\n`;
    expect(added(content.replace('[]', '[A]'))).toBe(
      `${content.replace('[]', `[\n    A,\n    ${ITEM}\n  ]`)}${IMPORT}\n`,
    );
  });

  it('has a byte order mark', () => {
    expect(added(`\uFEFF${MODULE}`)).toBe(`\uFEFF${MODULE_WITH_AUTH}`);
  });

  it('imports other names of the package', () => {
    expect(added(`import { Public } from 'nestjs-mcp-auth';\n${MODULE}`)).toContain(IMPORT);
  });

  it('imports the module class already, by another name', () => {
    const content = `import { McpAuthModule as Auth } from 'nestjs-mcp-auth';\n${MODULE}`;
    expect(added(content)).toBe(
      content.replace('[]', `[\n    ${ITEM.replace('McpAuthModule', 'Auth')}\n  ]`),
    );
  });

  it('is one of several modules in the file', () => {
    const other = '@Module({ imports: [] })\nexport class OtherModule {}\n';
    expect(added(MODULE.replace('@Module', `${other}\n@Module`))).toBe(
      MODULE_WITH_AUTH.replace('@Module', `${other}\n@Module`),
    );
  });

  it.each([
    ['metadata in a variable', module('metadata'), 'is not written as an object'],
    ['no metadata', module(''), 'is not written as an object'],
    ['no @Module()', 'export class AppModule {}', 'is not written as an object'],
    [
      'imports in a variable',
      module('{ imports: modules }'),
      'has "imports" that are not written as an array',
    ],
    [
      'imports by shorthand',
      module('{ imports }'),
      'has "imports" that are not written as an array',
    ],
    [
      'imports of a call',
      module('{ imports: [A].concat(B) }'),
      'has "imports" that are not written as an array',
    ],
    ['a spread and no imports', module('{ ...base }'), 'contains a spread or a computed name'],
    [
      'a spread after the imports',
      module('{ imports: [], ...base }'),
      'contains a spread or a computed name',
    ],
    ['a computed name', module("{ ['imports']: [] }"), 'contains a spread or a computed name'],
    ['a syntax error', module('{ imports: [ }'), 'src/app.module.ts has a syntax error'],
    [
      'a class of the same name',
      module('{}', "import { McpAuthModule } from './mine';"),
      'uses the name McpAuthModule for something else',
    ],
    [
      'an import of the type only',
      module('{}', "import type { McpAuthModule } from 'nestjs-mcp-auth';"),
      'uses the name McpAuthModule for something else',
    ],
    [
      'another encoding',
      Buffer.from(`${MODULE}// \xe9`, 'latin1'),
      'src/app.module.ts is not encoded in UTF-8',
    ],
  ])('is not understood with %s', (_, content, problem) => {
    const message = failure({ ...OTHERS, 'src/app.module.ts': content });
    expect(message).toContain(problem);
    expect(message).toContain(`${IMPORT}\n\n@Module({\n  imports: [\n    ${ITEM}\n  ],\n})`);
  });
});

describe('the place of the root module', () => {
  const place = (files: Record<string, string>, flags?: Partial<Flags>) => {
    const tree = new MemoryTree(files);
    const [, path] = /^McpAuthModule is in (\S+) now/.exec(add(tree, flags)) ?? [];
    expect(tree.files[path ?? '']).toContain('McpAuthModule.forRoot({');
    return path;
  };
  const imports = (statement: string) =>
    MAIN.replace("import { AppModule } from './app.module';", statement);

  it.each([
    ["import { AppModule } from './app.module.js';", 'src/app.module.ts'],
    ["import { AppModule } from './app.module.ts';", 'src/app.module.ts'],
    ["import { AppModule } from 'src/app.module';", 'src/app.module.ts'],
    ["import { AppModule } from './app';", 'src/app/index.ts'],
    ["import { type NestModule, AppModule } from '../modules/root';", 'modules/root.ts'],
  ])('is found by %s', (statement, path) => {
    expect(place({ 'src/main.ts': imports(statement), [path]: MODULE })).toBe(path);
  });

  it('is a default export, or a class with another name in main.ts', () => {
    const byDefault = MODULE.replace('export class AppModule', 'export default class');
    expect(
      place({
        'src/main.ts': imports("import AppModule from './root';"),
        'src/root.ts': byDefault,
      }),
    ).toBe('src/root.ts');
    const renamed = imports("import { RootModule as AppModule } from './root';");
    expect(
      place({ 'src/main.ts': renamed, 'src/root.ts': MODULE.replace('AppModule', 'RootModule') }),
    ).toBe('src/root.ts');
  });

  it('is main.ts itself', () => {
    const main = `import { NestFactory } from '@nestjs/core';\n${MODULE}void NestFactory.create<NestExpressApplication>(AppModule);\n`;
    expect(place({ 'src/main.ts': main })).toBe('src/main.ts');
  });

  it('is in the folder of the project in a monorepo', () => {
    const main = MAIN.replaceAll('app.module', 'chat.module').replaceAll('AppModule', 'ChatModule');
    const files = {
      'apps/shop/src/main.ts': MAIN,
      'apps/shop/src/app.module.ts': MODULE_WITH_AUTH,
      'apps/chat/src/main.ts': main,
      'apps/chat/src/chat.module.ts': MODULE.replace('AppModule', 'ChatModule'),
    };
    expect(place(files, { sourceRoot: 'apps/chat/src' })).toBe('apps/chat/src/chat.module.ts');
  });

  it('is found without main.ts', () => {
    expect(
      place({
        'src/http/server.ts': imports("import { AppModule } from '../app.module';"),
        'src/app.module.ts': MODULE,
      }),
    ).toBe('src/app.module.ts');
  });

  it('is that of main.ts, whatever other files create', () => {
    const worker = MAIN.replaceAll('app.module', 'worker.module');
    const files = { ...OTHERS, 'src/a-worker.ts': worker, 'src/app.module.ts': MODULE };
    expect(place({ ...files, 'src/worker.module.ts': MODULE })).toBe('src/app.module.ts');
  });

  it.each([
    ['no file creates an application', {}, 'no file in src has a call of NestFactory.create()'],
    [
      'tests and packages do not count',
      { 'src/app.e2e-spec.ts': MAIN, 'src/node_modules/x/main.ts': MAIN, 'src/main.d.ts': MAIN },
      'no file in src has a call of NestFactory.create()',
    ],
    [
      'an application context is no server',
      { 'src/main.ts': MAIN.replace('create(', 'createApplicationContext(') },
      'no file in src has a call',
    ],
    [
      'the class is computed',
      { 'src/main.ts': MAIN.replace('(AppModule)', '(await load())') },
      'src/main.ts calls NestFactory.create() without the name of a class',
    ],
    [
      'the file is missing',
      { 'src/main.ts': MAIN },
      'the class AppModule, of which src/main.ts creates an application, was not found.',
    ],
    [
      'the file only re-exports the class',
      { 'src/main.ts': MAIN, 'src/app.module.ts': "export * from './root';" },
      'was not found in src/app.module.ts',
    ],
    [
      'there are several',
      {
        'src/a.ts': MAIN,
        'src/b.ts': MAIN.replace("'./app", "'./other"),
        'src/app.module.ts': MODULE,
        'src/other.module.ts': MODULE,
      },
      'src creates applications of several modules',
    ],
  ])('is not understood if %s', (_, files, problem) => {
    expect(failure({ 'package.json': '{}', ...files })).toContain(problem);
  });
});

describe('a module that is registered already', () => {
  const registered = (statement: string, call: string) =>
    MODULE.replace('import', `${statement}\nimport`).replace('[]', `[${call}]`);

  it.each([
    [
      "import { McpAuthModule } from 'nestjs-mcp-auth';",
      'McpAuthModule.forRootAsync({ useClass: A })',
      'forRootAsync',
    ],
    [
      "import { McpAuthModule as Auth } from 'nestjs-mcp-auth';",
      'Auth.forRoot(options)',
      'forRoot',
    ],
    ["import * as auth from 'nestjs-mcp-auth';", 'auth.McpAuthModule.forRoot(options)', 'forRoot'],
  ])('is left alone: %s', (statement, call, method) => {
    const tree = new MemoryTree({ ...OTHERS, 'src/app.module.ts': registered(statement, call) });
    const before = tree.files;
    expect(add(tree)).toBe(
      `src/app.module.ts has McpAuthModule.${method}() already, so nothing was changed.`,
    );
    expect(tree.files).toEqual(before);
  });

  it('is found in another file', () => {
    const tree = new MemoryTree({
      ...OTHERS,
      'src/app.module.ts': MODULE,
      'src/auth/auth.module.ts': MODULE_WITH_AUTH,
    });
    expect(add(tree)).toMatch(
      /^src\/auth\/auth\.module\.ts has McpAuthModule\.forRoot\(\) already/,
    );
  });

  it.each([
    ['in a comment', MODULE.replace('[]', '[/* McpAuthModule.forRoot({}) */]')],
    ['of another package', registered("import { Auth } from './McpAuthModule';", 'Auth.forRoot()')],
  ])('does not count: %s', (_, content) => {
    const tree = new MemoryTree({ ...OTHERS, 'src/app.module.ts': content });
    add(tree);
    expect(tree.files['src/app.module.ts']).toContain('    McpAuthModule.forRoot({\n');
  });

  it('does not count in a test', () => {
    const tree = new MemoryTree({
      ...OTHERS,
      'src/app.module.ts': MODULE,
      'src/app.e2e-spec.ts': MODULE_WITH_AUTH,
    });
    add(tree);
    expect(tree.files['src/app.module.ts']).toBe(MODULE_WITH_AUTH);
  });
});
