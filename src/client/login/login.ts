import { hostname } from 'node:os';
import type { Call } from '../cli/command.js';
import { ClientError, EXIT, UsageError } from '../cli/errors.js';
import { print, printNotice } from '../cli/output.js';
import { askHidden, askShown, readInput } from '../cli/secret-input.js';
import { asObject } from '../private-files.js';
import { isReadable } from '../server/addresses.js';
import { namedServer } from '../server/named-server.js';
import { answerOf } from '../server/server.js';
import { tokenVariable, userServer } from '../session/connection.js';
import { alone, readSession, setCurrentServer, sessionFile, writeSession } from '../session/session-file.js';
import { sessionWith, type Tokens, tokensIn } from '../session/tokens.js';

/** Asks for what nobody but the user knows: at the terminal, or a line of the standard input for each. */
class Questions {
  private lines?: string[];

  async secret(question: string, what: string): Promise<string> {
    const typed = (await askHidden(question)) ?? (await this.line());
    if (!typed)
      throw new UsageError(
        `There is no ${what}: type it at a terminal, or give it as a line of the standard input.`,
      );
    return typed;
  }

  private async line(): Promise<string | undefined> {
    this.lines ??= (await readInput()).split(/\r?\n/);
    return this.lines.shift();
  }
}

function serverOf(call: Call): string {
  const url = namedServer(call) ?? userServer();
  if (isReadable(url)) printNotice(`warning: what is sent to ${url} can be read on the way; use https`);
  return url;
}

async function emailOf(call: Call): Promise<string> {
  const email = (call.value('email') ?? (await askShown('Email: ')))?.trim();
  if (!email) throw new UsageError('Who logs in? --email EMAIL');
  return email;
}

/** The tokens of a new login; the code is asked for when the server wants one. */
async function attempt(url: string, email: string): Promise<Tokens> {
  const questions = new Questions();
  const password = await questions.secret(`Password of ${email} at ${url}: `, 'password');
  const machine = hostname() || undefined;
  const logIn = (otp?: string) =>
    answerOf({ method: 'POST', path: '/auth/login', body: { email, password, otp, machine } }, { url });
  const first = await logIn();
  const wantsCode = first.status === 401 && asObject(first.body?.details)?.otp_required === true;
  const answer = wantsCode
    ? await logIn((await questions.secret('One-time code: ', 'one-time code')).trim())
    : first;
  const said = answer.body?.error;
  if (answer.status === 401 && typeof said === 'string')
    throw new ClientError(said, EXIT.failed, 'authentication');
  return tokensIn(answer, url);
}

/** Ends a session that another takes the place of, if that can be done at once. */
async function endQuietly(url: string, token: string | undefined): Promise<void> {
  if (token === undefined) return;
  await answerOf({ method: 'POST', path: '/auth/logout', patience: 5_000 }, { url, token }).catch(
    () => undefined,
  );
}

/** Logs in, and keeps the session on this machine. The password is asked for, or read; it stands nowhere. */
export async function login(call: Call): Promise<void> {
  const url = serverOf(call);
  const email = await emailOf(call);
  const tokens = await attempt(url, email);
  const session = sessionWith(tokens, { email, logged_in_at: new Date().toISOString() });
  const before = await alone(url, async () => {
    const known = readableSession(url);
    writeSession(url, session);
    return known;
  });
  setCurrentServer(url);
  await endQuietly(url, before);
  const variable = tokenVariable();
  if (variable) printNotice(`warning: ${variable} is set, and comes before the session`);
  if (userServer() !== url)
    printNotice('warning: OPSKEEP_URL names another server, and comes before the session');
  print(call.json, { url, email, scopes: tokens.scopes, file: sessionFile(url) }, () =>
    [
      `Logged in at ${url} as ${email} (${tokens.scopes.join(', ')}).`,
      `The session is kept in ${sessionFile(url)}.`,
    ].join('\n'),
  );
}

/** The access token of the session that is there; one that others could read is replaced, not used. */
function readableSession(url: string): string | undefined {
  try {
    return readSession(url)?.access_token;
  } catch {
    return undefined;
  }
}
