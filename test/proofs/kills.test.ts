import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../harness/command.js';
import { expectConsistent, nothingTold, write } from '../harness/crash.js';
import { type FreshDatabase, freshDatabase } from '../harness/database.js';
import { isWhole, proofSize } from '../harness/proof-size.js';
import { query } from '../harness/query.js';
import { lostSecrets, noSecretsTold, withoutEntry, workOnSecrets } from '../harness/secrets-told.js';
import { call, environmentOf, logIn, type Server, spawnServer, startServer } from '../harness/server.js';

jest.setTimeout(isWhole ? 7_200_000 : 240_000);

/** How often a server is killed in the middle of its work, and now and then before it has begun. */
const KILLS = proofSize(6, 200);
const EARLY = 5;
/** How long, at least, a server may take for a few openings. */
const OPENING_MS = isWhole ? 600_000 : 60_000;

let fresh: FreshDatabase;
let environment: Record<string, string>;
let server: Server | undefined;
beforeAll(async () => {
  fresh = await freshDatabase();
  environment = environmentOf(fresh, {
    ACCESS_TOKEN_EXPIRE_MINUTES: '600',
    MASS_REVEAL_LIMIT: '0',
    LOG_LEVEL: 'warn',
  });
});
afterAll(async () => {
  await server?.kill();
  await fresh.drop();
});

const unsealed = async () =>
  Number((await query(fresh.url, 'SELECT COUNT(*) AS count FROM journal WHERE seq IS NULL'))[0]?.count);

test(`killed ${KILLS} times among writes and reveals, a server has lost nothing that it answered`, async () => {
  const [told, secrets] = [nothingTold(), noSecretsTold()];
  let token: string | undefined;
  let checked = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    if (kill % EARLY === 0) {
      const early = await spawnServer(environment);
      await sleep(randomInt(900));
      await early.kill();
    }
    const running = await startServer(environment);
    server = running;
    const current = (token ??= await logIn(running));
    const wanted = secrets.opened.length + randomInt(1, 14);
    const work = [
      write(running, current, told),
      write(running, current, told),
      workOnSecrets(running, current, secrets),
      workOnSecrets(running, current, secrets),
    ];
    // A server that opens nothing any more fails the proof, with what it says.
    for (let tries = 0; secrets.opened.length < wanted; tries++, await sleep(1))
      if (tries > OPENING_MS)
        throw new Error(`Nothing is opened any more:\n${running.output().slice(-3000)}`);
    await sleep(randomInt(12));
    await running.kill();
    await Promise.all(work);
    expect(running.output()).not.toContain('"level":"error"');
    // What is looked at once more at the end takes long then; these are looked at once.
    expect(await withoutEntry(fresh.url, secrets.opened.slice(checked))).toEqual([]);
    checked = secrets.opened.length;
    if (isWhole && kill % 20 === 0)
      process.stderr.write(`${kill} kills, ${secrets.opened.length} openings\n`);
  }

  server = await startServer(environment);
  const [last, current] = [server, token ?? ''];
  for (let tries = 0; tries < 1_200 && (await unsealed()) > 0; tries++) await sleep(50);
  expect(await unsealed()).toBe(0);
  expect([...told.statuses, ...secrets.statuses].filter(status => status >= 400)).toEqual([]);
  expect(secrets.values.size).toBeGreaterThanOrEqual(KILLS / 2);
  expect(await lostSecrets(last, current, secrets)).toEqual([]);
  await expectConsistent(fresh.url, told);
  const verified = await call(last, 'POST', '/api/audit/verify', { token: current });
  expect(verified.body).toMatchObject({ ok: true, faults: [] });
  const examined = await runCommand(environment, ['admin', 'doctor', '--json']);
  const { findings } = examined.json<{ findings: { level: string; what: string }[] }>();
  expect(findings.filter(one => one.level === 'fault')).toEqual([]);
  expect(findings.map(one => one.what).join('\n')).toMatch(
    /credential_secrets\.sealed: [1-9]\d* sealed values/,
  );
  if (isWhole) process.stderr.write(`${told.acknowledged.size} writes, ${secrets.opened.length} openings\n`);
});
