// Builds `dist`: `npm run build`, or `node scripts/build.mjs [--out folder] [--if-stale]`. The program becomes one file
// that holds it with all its packages, because Node.js needs longer to find and link thousands of modules than to run
// them; `src/program-file.ts` runs it. swc compiles, so that the metadata of decorators is there; types are checked by
// `npm run lint`.
import { spawnSync } from 'node:child_process';
import {
  existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync,
} from 'node:fs'; // prettier-ignore
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildClient, inAscii } from './build-client.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const STALE_LOCK_MS = 180_000;

/** Native, or they look for files of their own beside themselves. */
const OWN_FILES = ['argon2', 'better-sqlite3', 'better-sqlite3-12', 'pino', 'swagger-ui-dist'];
/** What the package exports to other programs, with its types. */
const EXPORTED = ['src/formats/crypto', 'src/client/vault/local-vault'];
/** What Nest asks for when it is used in ways in which we do not use it. Not installed. */
const ABSENT = [
  '@nestjs/microservices', '@nestjs/microservices/*', '@nestjs/websockets', '@nestjs/websockets/*',
  '@nestjs/platform-express', '@fastify/multipart', '@fastify/view',
]; // prettier-ignore
/** What nest-commander loads for plugins, completion and questions, which we do not use: a third of a command's start. */
const UNUSED = ['cosmiconfig', '@fig/complete-commander', 'inquirer'];

const REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/** For what is no module of ES: a file that V8 may keep as it compiled it, and what Jest runs, which cannot import. */
const COMMONJS = {
  format: 'cjs',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'fileUrl' },
  banner: { js: "const fileUrl = require('node:url').pathToFileURL(__filename).href;" },
};

const swcOptions = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

/**
 * The server gives out the document as it was committed, so nobody reads what the decorators of @nestjs/swagger say, or
 * ours that put many of them together: a fifth of its start, and more with each resource. `describe-application.ts`, which reads it, is a program of its own.
 */
const undescribed = {
  name: 'undescribed',
  setup(build) {
    build.onResolve({ filter: /^@nestjs\/swagger$/ }, ({ path, namespace, importer }) =>
      namespace === 'file' && !importer.includes('node_modules')
        ? { path, namespace: 'undescribed' }
        : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'undescribed' }, async () => {
      const decorators = Object.keys(await import('@nestjs/swagger')).filter(name => /^Api[A-Z]/.test(name));
      const nothing = decorators.map(name => `export const ${name} = () => () => undefined;`);
      return { contents: ["export * from '@nestjs/swagger';", ...nothing].join('\n'), resolveDir: ROOT };
    });
    const describing = /^(export function (?:Describe\w+|ExportAnswer)\(.*\): \w+ \{)$/gm;
    build.onLoad({ filter: /\/resource\/describe\/describe[^/]*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return compiled(path, source.replaceAll(describing, '$1 return () => undefined;'));
    });
    build.onResolve({ filter: /\/describe-application\.js$/ }, () => ({
      path: './describe-application.cjs',
      external: true,
    }));
  },
};

/** What swc makes of a source. */
async function compiled(path, source) {
  const { transform } = await import('@swc/core');
  const { code } = await transform(source, { ...swcOptions, filename: path });
  return { contents: code, loader: 'js' };
}

const house = {
  name: 'house',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => compiled(path, await readFile(path, 'utf8')));
    const unused = new RegExp(`^(${UNUSED.join('|')})$`);
    build.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }));
    build.onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Names of files without their endings, and the sources that they are made of, into one folder. */
async function bundle(entryPoints, outdir, more = {}) {
  const { build } = await import('esbuild');
  return build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // The builds of packages as ES modules leave out what nobody uses.
    mainFields: ['module', 'main'],
    // Its default is made for ES5, and takes longer to check a body.
    alias: { 'class-validator': './node_modules/class-validator/esm2015/index.js' },
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    external: [...OWN_FILES, ...ABSENT],
    banner: { js: REQUIRE },
    plugins: [house],
    logLevel: 'warning',
    ...more,
  });
}

/** Programs, named by their path in the folder, and the files of their threads, beside what they share. */
export async function buildPrograms(out, programs, plugins = [house]) {
  const threads = {
    'src/worker': 'src/core/workers/worker.mjs',
    'src/sqlite-scan': 'src/core/database/sqlite-scan.mjs',
    'src/entry-thread': 'src/core/audit/verification/entry-thread.mjs',
    'src/token-worker': 'src/memory/text/token-worker.mjs',
  };
  await Promise.all([
    bundle(programs, out, { splitting: true, chunkNames: 'src/[name]-[hash]', plugins }),
    bundle(threads, out, { outExtension: { '.js': '.mjs' } }),
  ]);
}

async function buildAll(out) {
  const commonJs = { ...COMMONJS, outExtension: { '.js': '.cjs' } };
  await Promise.all([
    buildClient(out),
    buildPrograms(out, { 'src/main': 'src/main.ts', 'src/cli': 'src/cli.ts' }),
    bundle({ 'src/program': 'src/program.ts' }, out, { ...commonJs, plugins: [undescribed, house] }),
    bundle({ 'src/describe-application': 'src/describe-application.ts' }, out, commonJs),
    bundle({ ormconfig: 'ormconfig.ts' }, out, { plugins: [undescribed, house] }),
    bundle(Object.fromEntries(EXPORTED.map(name => [name, `${name}.ts`])), out),
  ]);
  inAscii(join(out, 'src/program.cjs'), namingClasses);
}

/**
 * esbuild gives back its name to whatever it has renamed, each time that it is made: an inner function with every call.
 * Only the names of classes mean something here.
 */
function namingClasses(code) {
  const naming = /^var __name = (.*)$/m;
  if (!naming.test(code)) throw new Error('esbuild names in another way');
  return code
    .replace(naming, 'var __className = $1\nvar __name = named => named;')
    .replaceAll('__name(this, ', '__className(this, ');
}

/** Packages as one file of CommonJS, for the tests: each is a property, and loaded when it is first asked for. */
export async function bundlePackages(names, file) {
  const contents = names.map(name => `get '${name}'() { return require('${name}'); },`).join('\n');
  return bundle(undefined, undefined, {
    ...COMMONJS,
    stdin: { contents: `module.exports = {\n${contents}\n};`, resolveDir: ROOT },
    outfile: file,
    sourcemap: false,
    minifyWhitespace: true,
    minifySyntax: true,
  });
}

function declareTypes(out) {
  const args = ['--declaration', '--emitDeclarationOnly', '--noCheck', '--rootDir', '.', '--outDir', out];
  const options = [
    ...'--ignoreConfig --module NodeNext --target ES2023 --skipLibCheck --types node'.split(' '),
    ...args,
  ];
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const files = EXPORTED.map(name => `${name}.ts`);
  const stdio = ['ignore', 2, 2];
  const { status } = spawnSync(process.execPath, [tsc, ...files, ...options], { cwd: ROOT, stdio });
  if (status !== 0) throw new Error('The types of opskeep and opskeep/crypto could not be written');
}

/** What starts keep of what they compiled. It may be another user's. */
const KEPT = '.compiled';

function filesOf(folder) {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries
    .filter(({ name }) => name !== KEPT)
    .flatMap(entry =>
      entry.isDirectory()
        ? filesOf(join(folder, entry.name)).map(name => join(entry.name, name))
        : entry.name,
    );
}

function forgetKept(out) {
  try {
    rmSync(join(out, KEPT), { recursive: true, force: true });
  } catch {
    // It fits its own source alone, and is of no use to the new one.
  }
}

/**
 * Puts a whole build in the place of the one before, whose files stay until the next: a server that runs may still load
 * some of them.
 */
function exchange(made, out, stamp) {
  const files = filesOf(made);
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n') : [];
  const kept = new Set([...files, ...before]);
  for (const name of filesOf(out)) if (!kept.has(name)) rmSync(join(out, name));
  forgetKept(out);
  // The programs last: they name the others.
  const isProgram = name => Number(/^src.(main|cli)\.js$/.test(name));
  for (const name of files.toSorted((a, b) => isProgram(a) - isProgram(b))) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    renameSync(join(made, name), join(out, name));
  }
  rmSync(made, { recursive: true });
  writeFileSync(stamp, files.join('\n'));
}

const modified = path => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newest(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .reduce((latest, entry) => Math.max(latest, modified(join(entry.parentPath, entry.name))), 0);
}

/** Sources, packages (npm writes that file with every installation), and this file. */
function isFresh(stamp) {
  const files = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json', 'scripts/build.mjs'];
  const changed = [
    ...['src', 'migrations'].map(name => newest(join(ROOT, name))),
    ...files.map(name => modified(join(ROOT, name))),
  ];
  return modified(stamp) >= Math.max(...changed);
}

/** Two that build the same folder at once do so one after the other. */
async function locked(out, work) {
  const lock = `${out}.lock`;
  mkdirSync(dirname(out), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // A build that was killed leaves its lock behind.
      if (existsSync(lock) && Date.now() - modified(lock) > STALE_LOCK_MS) rmSync(lock, { recursive: true });
      await sleep(50);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Builds into the folder, unless it is asked to spare itself what is there and current, with the types where they are wanted. */
export async function buildInto(folder, { ifStale = false, types = true } = {}) {
  const out = resolve(ROOT, folder);
  const stamp = join(out, '.built');
  const isReady = () =>
    isFresh(stamp) && (!types || EXPORTED.every(name => existsSync(join(out, `${name}.d.ts`))));
  if (ifStale && isReady()) return;
  await locked(out, async () => {
    if (ifStale && isReady()) return;
    const began = new Date();
    if (ifStale) process.stderr.write('Building …\n');
    const made = `${out}.new`;
    rmSync(made, { recursive: true, force: true });
    await buildAll(made);
    // Its process would stay as long as the server runs.
    await (await import('esbuild')).stop();
    if (types) declareTypes(made);
    exchange(made, out, stamp);
    // What changed meanwhile is newer than the build.
    utimesSync(stamp, began, began);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const out = args.includes('--out') ? args[args.indexOf('--out') + 1] : 'dist';
  await buildInto(out, { ifStale: args.includes('--if-stale'), types: !args.includes('--no-types') });
}
