/**
 * How good recall is: `npm run bench:recall` fills the real application with generated conversations (`set/`), asks them
 * back, on SQLite and MariaDB, and prints the figures beside those of baselines. After `--`:
 *
 *   --data file   another set, of this format:
 *                 {"conversations": [{"id", "sessions": [{"at", "turns": [{"id", "speaker", "text"}]}],
 *                   "questions": [{"question", "category", "evidence": [turn ids]}]}]}
 *                 with, where wanted, "asked_at" (ISO 8601: now) and "unrelated" (prompts) beside "conversations"
 *   --json        the figures as JSON
 *   --small       a set of a few seconds (or BENCH_RECALL=small)
 *   --database    sqlite or mariadb; both unless told
 *
 * Weights were chosen on every other conversation; the figures are those of the rest, unless `--data` is given.
 * Exit code 1 when recall misses what it is meant to reach (`GOALS`), with the generated set alone.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sources, startedOn } from './application.mjs';
import { compared } from './compared.mjs';
import { printed } from './printed.mjs';
import { generated, SIZES } from './set/generate.mjs';

const { values: given } = parseArgs({
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    small: { type: 'boolean', default: process.env.BENCH_RECALL === 'small' },
    database: { type: 'string' },
  },
});

const cleanups = [];
try {
  const defer = cleanup => cleanups.unshift(cleanup);
  const set = given.data
    ? JSON.parse(await readFile(given.data, 'utf8'))
    : generated(given.small ? SIZES.small : SIZES.full);
  const code = await sources();
  const names = given.database ? [given.database] : ['sqlite', 'mariadb'];
  const applications = {};
  for (const name of names) applications[name] = await startedOn(code, name, defer);
  const figures = await compared(set, applications, code, defer, given.data ? undefined : 'reported on');
  console.log(given.json ? JSON.stringify(figures, null, 2) : printed(figures));
  if (!given.data && !figures.passed) process.exitCode = 1;
} finally {
  for (const cleanup of cleanups) await cleanup();
}
