import { connectionOf } from '../configuration.js';
import { projectOf } from '../project/project.js';
import { asksFor } from '../project/asks-for.js';
import { request } from '../server/request.js';
import { type Answered, UnreachableError } from '../server/request-types.js';
import { type Check, fault, fine } from './checks.js';

const PATIENCE_MS = 10_000;

/** Whether the server is there, knows the token, and lets it into the memory; the rest needs all of that. */
export async function serverChecks(): Promise<Check[]> {
  const { url = '', token = '' } = connectionOf();
  const again = 'opskeep hooks install --url URL';
  let me: Answered;
  try {
    me = await request({ method: 'GET', url: `${url}/api/auth/me`, token, patience: PATIENCE_MS });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    const mend = `start the server, or name another: ${again}`;
    return [fault('server', `${url} is not reachable (${error.reason})`, mend)];
  }
  if (me.status === 401) {
    const mend = 'make a new token (POST /api/access-tokens), then: opskeep hooks install --token FILE';
    return [
      fine('server', url),
      fault('token', 'the server does not know it: wrong, expired or revoked', mend),
    ];
  }
  if (me.status !== 200 || !me.body)
    return [fault('server', `${url} does not answer as Opskeep does (${me.status})`, again)];
  return [fine('server', url), await reach(url, token)];
}

/** Reads the memory, and asks to write nothing at all: who may write is told that it is nothing. */
async function reach(url: string, token: string): Promise<Check> {
  const query = new URLSearchParams(asksFor(projectOf(process.cwd()), '') as Record<string, string>);
  const ask = async (method: string, path: string, body?: unknown) =>
    (await request({ method, url: `${url}/api/memory${path}`, token, body, patience: PATIENCE_MS })).status;
  const read = await ask('GET', `/index?${query.toString()}`);
  if (read === 404)
    return fault('token', 'the server has no memory for hooks: it is older', 'update the server');
  const mend = 'make a token with resources ["memory"] and scopes ["msp:read", "msp:write"]';
  if (read !== 200) return fault('token', `it may not read the memory (${read})`, mend);
  const write = await ask('POST', '/events', { events: [] });
  if (write === 403) return fault('token', 'it may not write into the memory: msp:write is missing', mend);
  return fine('token', 'it works, and reaches the memory');
}
