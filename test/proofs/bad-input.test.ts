import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { startApp, type TestApp } from '../app.js';
import type { ApiDocument } from '../harness/all-resources.js';
import { type BadRequest, badRequests, lineOf } from '../harness/bad-requests.js';
import { checksums } from '../harness/checksums.js';
import { everyRoute, faultOf, type Route } from '../harness/every-route.js';
import { isWhole, proofSize } from '../harness/proof-size.js';

jest.setTimeout(isWhole ? 7_200_000 : 240_000);

const REQUESTS = proofSize(2_000, 100_000);
const PART = 1_000;
/** Of memory that is in use after a collection: more than caches and windows of refusals take. */
const MOST_GROWTH = 64 * 1024 * 1024;

let t: TestApp;
let document: ApiDocument;
let routes: Route[];
beforeAll(async () => {
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  ({ document, routes } = await everyRoute(t));
  // Its errors have the shape of RFC 6749: test/auth-token.
  routes = routes.filter(one => one.path !== '/api/auth/token');
});
afterAll(() => t.close());

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function inUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

async function refusal({ route, url, options }: BadRequest): Promise<string | undefined> {
  const answer = await t.http(route.method, url, options);
  return faultOf(answer, url) && `${String(faultOf(answer, url))} ${answer.text.slice(0, 300)}`;
}

test(`${REQUESTS} generated requests are refused, change nothing, and leave nothing in memory`, async () => {
  const before = await checksums(t);
  // The system counts words anew each minute.
  const entries = () =>
    t.sql(
      "SELECT n, action, outcome FROM journal WHERE outcome <> 'refused' AND actor_type <> 'system' ORDER BY n",
    );
  const written = await entries();
  const seed = Number(process.env.OPSKEEP_PROOF_SEED ?? Date.now() % 2 ** 31);
  const generator = badRequests(document, routes);
  const faults: string[] = [];
  const kinds: Record<string, number> = {};
  let settled = 0;
  for (let done = 0; done < REQUESTS; done += PART) {
    for (const request of fc.sample(generator, { numRuns: PART, seed: seed + done })) {
      kinds[request.kind] = (kinds[request.kind] ?? 0) + 1;
      const fault = await refusal(request);
      if (fault) faults.push(`${lineOf(request)} → ${fault}`);
    }
    if (done + PART === Math.max(PART, Math.round(REQUESTS / 5 / PART) * PART)) settled = inUse();
    if (isWhole && (done / PART) % 10 === 9)
      process.stderr.write(`${done + PART} requests, ${faults.length} faults\n`);
    if (faults.length > 100) break;
  }
  for (const kind of ['body', 'query', 'path', 'header']) expect(kinds[kind]).toBeGreaterThan(REQUESTS / 20);
  const grown = inUse() - settled;
  const after = { faults, tables: await checksums(t), entries: await entries(), grown: grown > MOST_GROWTH };
  expect({ seed, ...after }).toEqual({ seed, faults: [], tables: before, entries: written, grown: false });
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
