// Builds what runs on a user's machine into a folder: what is called `opskeep`, with the commands of the vault, which
// starts at once (`src/opskeep.cjs`), all commands (`src/client.cjs`), and the script of the hooks (`src/hook.cjs`), which
// is copied from there and needs nothing beside it. All are small: what they do not load costs nothing.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export async function buildClient(out) {
  const { build } = await import('esbuild');
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    minify: true,
    logLevel: 'warning',
  };
  await Promise.all([
    build({
      ...common,
      entryPoints: { 'src/client': 'src/client/main.ts', 'src/opskeep': 'src/client/start.ts' },
      outdir: out,
      outExtension: { '.js': '.cjs' },
      format: 'cjs',
      sourcemap: 'linked',
      sourcesContent: false,
      // Native: for vaults with a passphrase alone.
      external: ['argon2'],
    }),
    build({
      ...common,
      entryPoints: ['src/client/hook/main.ts'],
      outfile: join(out, 'src/hook.cjs'),
      // Loading a module of ES costs a process a quarter of the time that the hook of a prompt takes.
      format: 'cjs',
      supported: { 'dynamic-import': false },
    }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient(process.argv[2] ?? 'dist');
