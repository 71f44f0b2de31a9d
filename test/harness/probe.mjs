// Asks `/health` again and again from a process of its own, and tells the slowest answer since it was last asked.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, pid] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let slowest = 0;
let answered = 0;

function request() {
  return new Promise((done, failed) => {
    get(`${url}/health`, { agent }, answer => {
      answer
        .resume()
        .on('end', () => (answer.statusCode === 200 ? done() : failed(new Error('Not healthy'))));
    }).on('error', failed);
  });
}

/** How long the server, or this process, has waited for a processor that others had, in milliseconds so far. */
function queued() {
  const waits = [Number(pid), process.pid].map(id => {
    try {
      return Number(readFileSync(`/proc/${id}/task/${id}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
    } catch {
      return 0;
    }
  });
  return waits[0] + waits[1];
}

/** A connection that was closed because nothing came in time is opened anew; what was waited for still counts. */
async function ask() {
  const [began, before] = [performance.now(), queued()];
  for (;;) {
    try {
      await request();
      break;
    } catch {
      await sleep(5);
    }
  }
  slowest = Math.max(slowest, performance.now() - began - (queued() - before));
  answered += 1;
}

process.on('disconnect', () => process.exit());

/** Between two blocks nobody is asked: it would take the time of others. */
for (;;) {
  await once(process, 'message');
  // The connection may have been closed meanwhile.
  await ask();
  [slowest, answered] = [0, 0];
  let isOver = false;
  void once(process, 'message').then(() => (isOver = true));
  process.send({ slowest, answered });
  // What was asked before the end is answered by now: a block that has just begun is counted whole.
  do {
    await sleep(2);
    await ask();
  } while (!isOver);
  process.send({ slowest, answered });
}
