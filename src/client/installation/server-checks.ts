import { connectionOf } from '../configuration.js';
import { MEND_TOKEN, refusalOf } from '../refusals.js';
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
  if (me.status === 401)
    return [fine('server', url), fault('token', refusalOf(401, 'log in').reason, MEND_TOKEN)];
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
  if (read !== 200) return fault('token', refusalOf(read, 'read the memory').reason, MEND_TOKEN);
  const write = await ask('POST', '/events', { events: [] });
  if (write === 403) {
    const { reason } = refusalOf(write, 'write into the memory');
    return fault('token', `${reason}: msp:write is missing`, MEND_TOKEN);
  }
  return fine('token', 'it works, and reaches the memory');
}
