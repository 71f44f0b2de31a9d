import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Where messages go, and as whom. */
export interface Door {
  /** Of the server, without `/mcp`. */
  url: string;
  token: string;
  /** Of the project that the assistant works in. */
  project?: { name: string; remote?: string };
}

/** A message of JSON-RPC 2.0, as far as the way to the server depends on it. */
interface Message {
  id?: number | string;
  method?: string;
  params?: { name?: unknown; uri?: unknown; _meta?: Record<string, unknown> };
  result?: { protocolVersion?: unknown };
}

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const INTERNAL_ERROR = -32603;
const PARSE_ERROR = -32700;
/** Longer than any tool takes. */
const PATIENCE_MS = 60_000;

/**
 * Hands each line that an assistant's program writes (MCP over stdio) on to `/mcp` of the server, and the answer back:
 * the tools are the server's, and nothing is kept here. Ends with the input, when every request has its answer. A server
 * that does not answer is an error of the request, not the end.
 */
export async function bridge(
  door: Door,
  input: Readable,
  output: Writable,
  log: (line: string) => void,
): Promise<void> {
  const open = new Set<Promise<void>>();
  const state: { version?: string } = {};
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const message = parsed(line);
    if (message === undefined) {
      output.write(errorLine(null, PARSE_ERROR, 'This is no message of JSON-RPC'));
      continue;
    }
    const work = handOn(message, line, door, state, log).then(answer => {
      if (answer !== undefined) output.write(answer);
    });
    open.add(work);
    void work.finally(() => open.delete(work));
    // What comes behind the handshake depends on the version that it agrees on.
    if (message.method === 'initialize') await work;
  }
  await Promise.all(open);
}

function parsed(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The line to answer with; none for a notification. */
async function handOn(
  message: Message,
  line: string,
  door: Door,
  state: { version?: string },
  log: (line: string) => void,
): Promise<string | undefined> {
  try {
    const answer = await fetch(`${door.url}/mcp`, {
      method: 'POST',
      headers: headersOf(message, door, state.version),
      body: line,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = answeredIn(await answer.text(), answer.headers.get('content-type') ?? '');
    if (message.id === undefined) return undefined;
    const said = text === undefined ? undefined : parsed(text);
    if (said === undefined || !('result' in said || ('error' in said && typeof said.error === 'object')))
      return errorLine(message.id, INTERNAL_ERROR, refusal(answer.status, said));
    if (message.method === 'initialize' && typeof said.result?.protocolVersion === 'string')
      state.version = said.result.protocolVersion;
    return `${JSON.stringify(said)}\n`;
  } catch (error) {
    log(`${door.url} does not answer: ${error instanceof Error ? error.message : 'unknown fault'}`);
    return message.id === undefined
      ? undefined
      : errorLine(message.id, INTERNAL_ERROR, 'The Opskeep server does not answer');
  }
}

/** The body of an answer, or the last message of a stream of events. */
function answeredIn(body: string, type: string): string | undefined {
  if (!type.startsWith('text/event-stream')) return body;
  const data = body.split(/\r?\n/).filter(one => one.startsWith('data:'));
  return data.at(-1)?.slice('data:'.length).trim();
}

/** Why the server refused a message before it was one, in its own words. */
function refusal(status: number, said: object | undefined): string {
  const reason = said && 'error' in said && typeof said.error === 'string' ? `: ${said.error}` : '';
  return `The Opskeep server refused (${status})${reason}`;
}

/** Standard headers of Streamable HTTP (MCP 2026-07-28: version, method and name of what is in the body). */
function headersOf(
  { method = '', params }: Message,
  { token, project }: Door,
  agreed: string | undefined,
): Record<string, string> {
  const claimed = params?._meta?.[VERSION];
  const version = typeof claimed === 'string' ? claimed : agreed;
  const name = params?.name ?? params?.uri;
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
    ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
    ...(typeof claimed === 'string' ? { 'mcp-method': method } : {}),
    ...(typeof claimed === 'string' && typeof name === 'string' ? { 'mcp-name': headerText(name) } : {}),
    ...(project ? { 'x-opskeep-project': encodeURIComponent(project.name) } : {}),
    ...(project?.remote ? { 'x-opskeep-project-remote': encodeURIComponent(project.remote) } : {}),
  };
}

/** A value that a header cannot hold as it is, in Base64 (MCP, SEP-2243). */
function headerText(value: string): string {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)
    ? value
    : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

const errorLine = (id: number | string | null, code: number, message: string) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`;
