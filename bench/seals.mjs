/**
 * What the seals of the audit trail cost, and how far they are behind: `npm run bench:seals`, on SQLite and MariaDB. Exit
 * code 1 when entries wait for their seal for more than two seconds at BENCH_SEALS_RATE (5000) entries a second, or when
 * creates are slower beside the sequencer by more than a twentieth (processor time, medians of rounds in turn).
 * BENCH_SECONDS (10) is how long each of them takes, `-- sqlite` or `-- mariadb` one database alone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sources, startedOn } from './recall/application.mjs';

const RATE = Number(process.env.BENCH_SEALS_RATE ?? 5_000);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const ROUNDS = 4;
const MOST_LAG_MS = 2_000;
const LEAST_RATIO = 0.95;
const TICK_MS = 20;
const LOOK_MS = 200;

const MORE = {
  audit: 'src/core/audit/audit.service.ts',
  sequencer: 'src/core/audit/seals/sequencer.ts',
  verifier: 'src/core/audit/journal-verifier.ts',
};
const percentile = (numbers, share) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(share * (numbers.length - 1))];
const median = numbers => percentile(numbers, 0.5);
const processorMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const fact = n => ({
  action: 'credential.decrypt',
  resource_type: 'credential',
  resource_id: `01a2204f-0000-7000-8000-${String(n % 1_000).padStart(12, '0')}`,
  name: `Credential ${n % 1_000}`,
  details: { fields: ['password'], reason: 'ticket 1234' },
});

/** Commits entries at a rate, as reads of secrets do; how many a second it came to, and how long the oldest waited. */
async function atRate(audit, reader, rate, seconds) {
  const began = performance.now();
  const lags = [];
  let [due, done, under] = [0, 0, 0];
  const looking = setInterval(async () => {
    const text =
      "SELECT at FROM journal WHERE seq IS NULL AND action = 'credential.decrypt' ORDER BY n LIMIT 1";
    const [oldest] = await reader.select(text);
    lags.push(oldest ? Date.now() - Date.parse(`${oldest.at.replace(' ', 'T')}Z`) : 0);
  }, LOOK_MS);
  while (performance.now() - began < seconds * 1_000) {
    const facts = [];
    for (const now = ((performance.now() - began) / 1_000) * rate; due < now; due++) facts.push(fact(due));
    under++;
    audit.recordRead(...facts).then(
      () => ((done += facts.length), under--),
      () => under--,
    );
    await sleep(TICK_MS);
  }
  while (under > 0) await sleep(TICK_MS);
  clearInterval(looking);
  return { rate: done / ((performance.now() - began) / 1_000), lags };
}

/** Processor time of a create, in milliseconds; the trail is sealed in it, or not at all. */
async function creates(http, sequencer, isSealed, count) {
  const wake = sequencer.wake;
  if (!isSealed) sequencer.wake = () => undefined;
  const began = processorMs();
  for (let n = 0; n < count; n++)
    await http('POST', '/api/credentials', { body: { service_name: `bench ${n}`, credential_type: 'password', password: 'Kupfer-Wolke-77-Mast' } }); // prettier-ignore
  if (isSealed) await sequencer.sealNow();
  const taken = (processorMs() - began) / count;
  delete sequencer.wake;
  if (sequencer.wake !== wake) throw new Error('The sequencer is not as it was');
  if (!isSealed) await sequencer.sealNow();
  return taken;
}

async function measured(code, database, defer) {
  const { app, http } = await startedOn(code, database, defer);
  const get = type => app.get(type, { strict: false });
  const [audit, sequencer] = [get(code.audit.Audit), get(code.sequencer.Sequencer)];
  const verifier = get(code.verifier.JournalVerifier);
  const { reader } = verifier.database.connections;
  await creates(http, sequencer, true, 50);

  const { rate, lags } = await atRate(audit, reader, RATE, SECONDS);
  await sequencer.sealNow();
  const lag = [0.5, 0.95, 1].map(share => percentile(lags, share));
  console.log(
    `${database}: at ${Math.round(rate)} entries a second the oldest waits p50 ${lag[0]}, p95 ${lag[1]}, max ${lag[2]} ms, at most ${MOST_LAG_MS}`,
  );

  const sides = [[], []];
  for (let round = 0; round < ROUNDS; round++)
    for (const isSealed of [false, true])
      sides[Number(isSealed)].push(await creates(http, sequencer, isSealed, 20 * SECONDS));
  const [without, beside] = sides.map(median);
  const ratio = without / beside;
  console.log(
    `${database}: a create takes ${without.toFixed(2)} ms of processor time, ${beside.toFixed(2)} with its seal; ${ratio.toFixed(3)}, at least ${LEAST_RATIO}`,
  );

  const began = [processorMs(), performance.now()];
  const found = await verifier.verify();
  const [used, took] = [processorMs() - began[0], performance.now() - began[1]];
  console.log(
    `${database}: ${found.checked} entries verified, ${Math.round(found.checked / (took / 1_000))} a second, ${((1_000 * used) / found.checked).toFixed(1)} µs of processor time each`,
  );
  return found.ok && lag[2] <= MOST_LAG_MS && ratio >= LEAST_RATIO;
}

const cleanups = [];
try {
  const code = await sources(MORE);
  for (const database of process.argv[2] ? [process.argv[2]] : ['sqlite', 'mariadb']) {
    if (!(await measured(code, database, cleanup => cleanups.unshift(cleanup)))) process.exitCode = 1;
    while (cleanups.length > 0) await cleanups.shift()();
  }
} finally {
  for (const cleanup of cleanups) await cleanup();
}
