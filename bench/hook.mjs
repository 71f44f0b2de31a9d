import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient } from '../scripts/build-client.mjs';

/** Times `node -e 0` and one request together. */
const MOST = 1.5;
const ROUNDS = 25;
const RESULTS = new URL('results/', import.meta.url);
/** The least that a process which asks a server does: it is printed beside, and decides nothing. */
const ASK = `const s = require('net').connect(process.env.PORT, '127.0.0.1').on('data', () => s.destroy());
s.write('POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 2\\r\\n\\r\\n{}')`;
const ITEM = {
  type: 'conversation_turn',
  title: null,
  text: 'The lifetime of phase 2 is 3600',
  at: '2026-01-01T00:00:00Z',
};

/** The middle of some times, in milliseconds. */
const middle = times => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

function timed(args, env, input) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.on('error', () => undefined).end(input);
  return new Promise(done => child.on('close', () => done(performance.now() - began)));
}

async function requested(url, body) {
  const began = performance.now();
  await (await fetch(url, { method: 'POST', body })).text();
  return performance.now() - began;
}

/**
 * Whether the hook of a prompt, its process included, takes little more than starting Node.js and one request to a warm
 * server do; prints it. Alternates, so that others who need the machine change all of them alike.
 */
export async function hookInTime() {
  const folder = await mkdtemp(join(tmpdir(), 'opskeep-hook-'));
  const items = [1, 2, 3].map(n => ({ ...ITEM, id: `0198-${n}` }));
  const answer = JSON.stringify({ items, markdown: items.map(one => `- ${one.id} ${one.text}`).join('\n') });
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    OPSKEEP_URL: url,
    OPSKEEP_TOKEN: 'okt_benchmark',
  };
  const times = { node: [], request: [], ask: [], hook: [] };
  try {
    await buildClient(folder);
    const hook = [join(folder, 'src/hook.cjs'), 'UserPromptSubmit'];
    for (let round = 0; round < ROUNDS; round++) {
      const prompt = `Why does the VPN drop, for the ${round}th time?`;
      const payload = JSON.stringify({ session_id: randomUUID(), cwd: folder, prompt });
      times.node.push(await timed(['-e', '0'], env, ''));
      times.request.push(await requested(url, payload));
      times.ask.push(await timed(['-e', ASK], { ...env, PORT: server.address().port }, ''));
      times.hook.push(await timed(hook, env, payload));
    }
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
  const [node, request, ask, took] = ['node', 'request', 'ask', 'hook'].map(name => middle(times[name]));
  const ratio = took / (node + request);
  const passed = ratio <= MOST;
  console.log(
    `\nhook: ${took.toFixed(0)} ms, node -e 0 and a request ${(node + request).toFixed(0)} ms: ` +
      `${ratio.toFixed(2)} times, at most ${MOST}: ${passed ? 'ok' : 'TOO SLOW'}; ` +
      `a process that does nothing but ask: ${ask.toFixed(0)} ms (${(took / ask).toFixed(2)} times)`,
  );
  await mkdir(RESULTS, { recursive: true });
  await writeFile(
    new URL('hook.json', RESULTS),
    `${JSON.stringify({ name: 'hook', node, request, ask, hook: took, ratio, most: MOST, passed }, null, 2)}\n`,
  );
  return passed;
}
