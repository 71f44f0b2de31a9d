// Builds what runs on a user's machine into a folder: what is called `opskeep`, with the commands of the vault, which
// starts at once (`src/opskeep.cjs`, `src/vault.cjs`), all commands (`src/client.cjs`), and the script of the hooks
// (`src/hook.cjs`, `src/hook-main.cjs`), which is copied from there and needs nothing else. All are small: what they do not
// load costs nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Text that is ASCII is read at once. Whatever is beyond it can be written so, except where a template is `raw` and no
 * pattern.
 */
export function inAscii(file, changed = code => code) {
  const escaped = unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(file, changed(readFileSync(file, 'utf8')).replaceAll(/[^\0-\x7f]/g, escaped));
}

export async function buildClient(out) {
  const { build } = await import('esbuild');
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    minify: true,
    logLevel: 'warning',
    outdir: join(out, 'src'),
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  };
  // What V8 keeps as it compiled it cannot import.
  const compiled = { ...common, supported: { 'dynamic-import': false } };
  await Promise.all([
    build({ ...common, entryPoints: { opskeep: 'src/client/start.ts', hook: 'src/client/hook/start.ts' } }),
    build({
      ...compiled,
      entryPoints: { client: 'src/client/main.ts', vault: 'src/client/vault/main.ts' },
      sourcemap: 'linked',
      sourcesContent: false,
      // Native: for vaults with a passphrase alone.
      external: ['argon2'],
    }),
    build({ ...compiled, entryPoints: { 'hook-main': 'src/client/hook/main.ts' } }),
  ]);
  for (const name of ['client', 'vault', 'hook-main']) inAscii(join(out, `src/${name}.cjs`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient(process.argv[2] ?? 'dist');
