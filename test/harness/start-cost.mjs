import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const CPU = pathToFileURL(fileURLToPath(new URL('cpu.mjs', import.meta.url))).href;
/** Node.js with Fastify alone, from the packages as they are installed. */
const PLAIN = ['--input-type=module', '-e', "await (await import('fastify')).default().listen({ port: 0 })"];

/** @param {string[]} args @param {Record<string, string>} [env] */
function cpuOf(args, env) {
  const { stderr, status, signal } = spawnSync(process.execPath, ['--import', CPU, ...args], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
  });
  const told = /^cpu: (\d+) ms$/m.exec(stderr)?.[1];
  if (!told || (status !== 0 && signal !== 'SIGTERM')) throw new Error(`It did not run:\n${stderr}`);
  return Number(told);
}

/**
 * What the starts of a build cost in processor time, as multiples of that of a plain Fastify: others who need the
 * machine at the same time change it little. The least of some rounds that alternate; the data are there already.
 *
 * @param {string} folder of the build
 * @param {number} rounds
 * @returns {{ plain_ms: number, server: number, command: number }}
 */
export function startCost(folder, rounds) {
  const data = mkdtempSync(join(tmpdir(), 'opskeep-start-'));
  const env = {
    OPSKEEP_DATA: data,
    PORT: '0',
    LOG_LEVEL: 'error',
    OPSKEEP_ADMIN_PASSWORD: 'CANARY correct horse 9',
  };
  const least = { plain: Infinity, server: Infinity, command: Infinity };
  try {
    cpuOf([join(folder, 'src/main.js')], env);
    for (let round = 0; round < rounds; round++) {
      least.plain = Math.min(least.plain, cpuOf(PLAIN));
      least.server = Math.min(least.server, cpuOf([join(folder, 'src/main.js')], env));
      least.command = Math.min(
        least.command,
        cpuOf([join(folder, 'src/cli.js'), 'admin', 'user', 'list'], env),
      );
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
  const { plain, server, command } = least;
  return { plain_ms: plain, server: server / plain, command: command / plain };
}
