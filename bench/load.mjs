/**
 * Puts one server under load, in a process of its own. Reads a JSON object from standard input:
 *
 *   url          base url of the server
 *   requests     [{ method, path, headers, body }]: `{id}` in path and body stands for each of the ids in turn, `{new}`
 *                in the body for a text which no other request has, `{day}` for a day of a hundred years
 *   ids          the ids; none when the requests are complete as they are
 *   seconds      duration (10)
 *   connections  connections, each with one request under way (32)
 *
 * and prints one: requests_per_second, latency { p50, p99 } in milliseconds, non2xx and errors (counts).
 */
import autocannon from 'autocannon';
import { randomInt, randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';

const { url, requests, ids = [], seconds = 10, connections = 32 } = await json(process.stdin);

function filledIn({ method = 'GET', path, headers, body }, id) {
  const fill = text => text?.replaceAll('{id}', id);
  return { method, path: fill(path), headers, body: fill(body) };
}

function randomDay() {
  return new Date(Date.UTC(2000, 0, 1 + randomInt(36_500))).toISOString().slice(0, 10);
}

/** A request each of which says something new. */
function renewed(request) {
  const { body } = request;
  if (!/\{(new|day)\}/.test(body)) return request;
  const filled = () => body.replaceAll('{new}', randomUUID()).replaceAll('{day}', randomDay());
  return { ...request, setupRequest: one => ({ ...one, body: filled() }) };
}

const each = ids.length === 0 ? requests : ids.flatMap(id => requests.map(request => filledIn(request, id)));
const all = each.map(renewed);

/** A share of the requests for each connection: all in step on the same rows would flatter every cache. */
function share(index) {
  const own = all.filter((_, position) => position % connections === index);
  return own.length > 0 ? own : all;
}

let client = 0;
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  requests: [each[0]],
  setupClient: connection => connection.setRequests(share(client++ % connections)),
});

// One after the other, few in a run: the time that each takes, so that the one under way at the end is no loss.
const { total } = result.requests;
const perSecond = connections === 1 && total > 0 ? 1000 / result.latency.average : total / result.duration;
console.log(
  JSON.stringify({
    requests_per_second: perSecond,
    latency: { p50: result.latency.p50, p99: result.latency.p99 },
    non2xx: result.non2xx,
    errors: result.errors,
  }),
);
