import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = realpathSync(fileURLToPath(new URL('.', import.meta.url)));

/** Every package folder under a node_modules folder, nested ones included. */
function* packages(modules) {
  if (!existsSync(modules)) return;
  for (const entry of readdirSync(modules)) {
    if (entry.startsWith('.')) continue;
    const folder = join(modules, entry);
    if (entry.startsWith('@')) {
      for (const scoped of readdirSync(folder)) yield* packageAt(join(folder, scoped));
    } else {
      yield* packageAt(folder);
    }
  }
}

function* packageAt(folder) {
  if (existsSync(join(folder, 'package.json'))) yield folder;
  yield* packages(join(folder, 'node_modules'));
}

function isEsModulePackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type === 'module';
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Matches what needs no transform: files of CommonJS packages, other than `.mjs` ones. */
function untouched() {
  const esm = [...packages(join(root, 'node_modules'))]
    .filter(isEsModulePackage)
    .map(folder => escape(folder.slice(root.length + 1)));
  return `^${escape(root)}/(?!(?:${esm.join('|')})/(?!(?:.*/)?node_modules/))node_modules/.*(?<!\\.mjs)$`;
}

const module = { type: 'commonjs' };
const output = { target: 'es2022', keepClassNames: true, loose: false };

const typescript = {
  sourceMaps: 'inline',
  module,
  jsc: {
    ...output,
    parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

// `unknown`: packages of type "module" may hold CommonJS builds as well, which must stay as they are.
const javascript = { isModule: 'unknown', module, jsc: { ...output, parser: { syntax: 'ecmascript' } } };

/**
 * The packages of this project are ES modules, and Jest runs CommonJS unless Node is given a flag which some of
 * them do not survive. So swc turns both our TypeScript and every ES module package into CommonJS, for tests only.
 *
 * @type {import('jest').Config}
 */
const config = {
  rootDir: root,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/src/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  resolver: '<rootDir>/test/harness/resolver.cjs',
  transform: {
    '\\.ts$': ['@swc/jest', { swcrc: false, ...typescript }],
    '\\.m?js$': ['@swc/jest', { swcrc: false, ...javascript }],
  },
  transformIgnorePatterns: [untouched()],
  setupFiles: ['<rootDir>/test/harness/sqlite-errors.cjs'],
  globalSetup: '<rootDir>/test/harness/global-setup.ts',
  globalTeardown: '<rootDir>/test/harness/global-teardown.ts',
  testTimeout: 60_000,
  maxWorkers: 2,
  cache: true,
};

export default config;
