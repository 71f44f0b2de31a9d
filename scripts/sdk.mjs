// Makes the SDK of `sdk/`: the types of openapi.json (`sdk/src/schema.d.ts`, which is not committed: three megabytes
// that say the document once more), and with `--build` the package's `sdk/dist`. With `--pack --out folder` a file that
// is installed with `npm install`; its last line on stdout is the path of that. The types are made anew only when the
// document has changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SDK = join(ROOT, 'sdk');
const SCHEMA = join(SDK, 'src', 'schema.d.ts');

/** The types of the document, if they are of another one than this. */
export async function makeSchema() {
  const text = readFileSync(join(ROOT, 'openapi.json'));
  const head = `// Made of openapi.json by scripts/sdk.mjs: ${createHash('sha256').update(text).digest('hex')}\n`;
  if (existsSync(SCHEMA) && readFileSync(SCHEMA, 'utf8').startsWith(head)) return;
  const { default: read, astToString } = await import('openapi-typescript');
  const types = astToString(await read(text, { silent: true }));
  // A fifth of it would be white space.
  writeFileSync(SCHEMA, head + types.replaceAll(/^( {4})+/gm, spaces => ' '.repeat(spaces.length / 4)));
}

async function build() {
  await makeSchema();
  rmSync(join(SDK, 'dist'), { recursive: true, force: true });
  execFileSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', SDK], {
    stdio: ['ignore', 2, 2],
  });
  copyFileSync(SCHEMA, join(SDK, 'dist', 'schema.d.ts'));
}

function pack(out) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', out];
  const options = { cwd: SDK, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e8 };
  const npm = process.env.npm_execpath;
  const printed = npm
    ? execFileSync(process.execPath, [npm, ...args], options)
    : execFileSync('npm', args, { ...options, shell: process.platform === 'win32' });
  const [{ filename }] = Object.values(JSON.parse(printed));
  return join(out, filename);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const has = name => process.argv.includes(name);
  const at = process.argv.indexOf('--out');
  if (has('--build') || has('--pack')) await build();
  else await makeSchema();
  if (has('--pack')) process.stdout.write(`${pack(resolve(at === -1 ? ROOT : process.argv[at + 1]))}\n`);
}
