import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { connectionOf } from '../configuration.js';
import { environmentWith, surroundings } from '../environment.js';
import { foldersOf } from '../folders.js';
import { Log } from '../log.js';
import { asObject, privateFolder } from '../private-files.js';
import { Pause } from '../spool/pause.js';
import { serverFolder } from '../server-folder.js';
import { Spool } from '../spool/spool.js';
import { upload } from '../spool/upload.js';
import { type Check, fault, fine } from './checks.js';
import { HOOK_EVENTS } from './entries.js';
import { broughtScript } from './places.js';

const PATIENCE_MS = 20_000;
const MOST_ATTEMPTS = 6;

interface Fired {
  code: number | null;
  stdout: string;
}

/** Where hooks are tried. */
interface At {
  cwd: string;
  environment: Record<string, string | undefined>;
  /** The folder of the state that they have in this environment. */
  state: string;
}

/** Runs the script as the host does. */
function fire(event: string, payload: object, { cwd, environment }: At): Promise<Fired> {
  const child = spawn(process.execPath, [broughtScript(), event], {
    cwd,
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: PATIENCE_MS,
    windowsHide: true,
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stdin.on('error', () => undefined).end(JSON.stringify(payload));
  return new Promise(resolve => {
    child.on('error', () => resolve({ code: -1, stdout }));
    child.on('close', code => resolve({ code, stdout }));
  });
}

/** What each event is told, as the host documents it. */
function payloads(session: string, cwd: string, said: string): Record<string, object> {
  const base = (event: string) => ({
    session_id: session,
    transcript_path: join(cwd, 'transcript.jsonl'),
    cwd,
    hook_event_name: event,
    prompt_id: randomUUID(),
  });
  const more: Record<string, object> = {
    SessionStart: { source: 'startup', model: 'doctor' },
    UserPromptSubmit: { prompt: 'The doctor of the hooks looks whether everything works.' },
    PostToolUse: {
      tool_name: 'Bash',
      tool_use_id: `toolu_${session}`,
      tool_input: { command: 'true', description: 'Nothing' },
      tool_response: { stdout: '', stderr: '', interrupted: false },
    },
    PostToolUseFailure: {
      tool_name: 'Bash',
      tool_use_id: `toolu_${session}_failed`,
      tool_input: { command: 'false', description: 'Nothing' },
      error: 'Command failed with exit code 1',
      is_interrupt: false,
    },
    Stop: { stop_hook_active: false, last_assistant_message: said },
    PreCompact: { trigger: 'manual', custom_instructions: '' },
    PostCompact: { trigger: 'manual', compact_summary: said },
    SessionEnd: { reason: 'other' },
  };
  return Object.fromEntries(HOOK_EVENTS.map(event => [event, { ...base(event), ...more[event] }]));
}

/**
 * In a project of its own, `opskeep-doctor`, and with a state of its own on this machine, which goes when everything is
 * well: nothing of it comes into the memory of another project, and nothing that waits is touched.
 */
export async function roundTrip(): Promise<Check[]> {
  const own = join(privateFolder(foldersOf().state), 'doctor');
  rmSync(own, { recursive: true, force: true });
  const environment = environmentWith({ XDG_STATE_HOME: own, LOCALAPPDATA: own, CLAUDE_PROJECT_DIR: '' });
  const checks = await tried({
    cwd: join(own, 'opskeep-doctor'),
    environment,
    state: foldersOf({ ...surroundings(), variable: name => environment[name] }).state,
  });
  if (checks.every(one => one.ok)) rmSync(own, { recursive: true, force: true });
  return checks;
}

async function tried(at: At): Promise<Check[]> {
  mkdirSync(at.cwd, { recursive: true });
  const word = `lantern-${randomBytes(4).toString('hex')}`;
  const said = `The relay ${word} of the doctor hangs in the blue harbour shed.`;
  const checks: Check[] = [];
  for (const [event, payload] of Object.entries(payloads(`doctor-${word}`, at.cwd, said)))
    checks.push(judge(event, await fire(event, payload, at)));
  const saved = await bringAway(at, word);
  checks.push(saved);
  if (!saved.ok) return checks;
  const isThere = await isRecalled(word, at);
  const isSlow = !isThere && silenceOf(at).current() !== undefined;
  await finish(at);
  const mend = `look into ${new Log(at.state).file}, and the server's log`;
  checks.push(
    isThere
      ? fine('round trip', 'what was saved was recalled')
      : fault(
          'round trip',
          isSlow ? 'the server answers too late for a prompt' : 'what was saved is not recalled',
          mend,
        ),
    fine('left behind', 'on the server, for you alone: what was said here, in the project opskeep-doctor'),
  );
  return checks;
}

function silenceOf({ state }: At): Pause {
  const connection = connectionOf();
  return Pause.ofRecall(serverFolder(connection.url, state), connection);
}

/** Asks as a new session does; a server that has just started, or is busy, may be too late for one prompt. */
async function isRecalled(word: string, at: At): Promise<boolean> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const session_id = `doctor-${word}-${attempt}`;
    silenceOf(at).end();
    const prompt = `Where does the relay ${word} hang?`;
    const payload = { session_id, cwd: at.cwd, prompt, prompt_id: randomUUID() };
    const { stdout } = await fire('UserPromptSubmit', payload, at);
    if (stdout.includes(word) && stdout.includes('blue harbour shed')) return true;
  }
  return false;
}

function judge(event: string, { code, stdout }: Fired): Check {
  const name = `hook ${event}`;
  const mend = 'opskeep hooks install';
  if (code !== 0) return fault(name, `it ended with ${code}`, mend);
  if (stdout.length > 10_000) return fault(name, 'it says more than the host takes', mend);
  try {
    if (stdout !== '' && !asObject(JSON.parse(stdout))) return fault(name, 'it says no object of JSON', mend);
  } catch {
    return fault(name, 'it says no JSON', mend);
  }
  return fine(name, stdout === '' ? 'ran' : 'ran, and told something');
}

/** Brings away what was asked, too, and waits for processes of the hooks that are at it: their folder goes next. */
async function finish({ state }: At): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    if (await upload(connectionOf(), state, new Log(state), { now: true })) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** Brings away what the hooks kept, unless a process that they started is at it. */
async function bringAway({ state }: At, word: string): Promise<Check> {
  const spool = new Spool(serverFolder(connectionOf().url, state));
  const log = new Log(state);
  const isLeft = () => spool.waiting().some(one => JSON.stringify(spool.read(one) ?? '').includes(word));
  for (const deadline = Date.now() + PATIENCE_MS; isLeft() && Date.now() < deadline;) {
    const told = await upload(connectionOf(), state, log, { now: true });
    const refused = [...(told?.results.values() ?? [])].find(one => one.status === 'refused');
    if (refused) {
      const reason = String(asObject(refused.error)?.error);
      return fault('upload', `the server refuses an event: ${reason}`, `look into ${log.file}`);
    }
    if (told?.stopped) return fault('upload', told.stopped.reason, `look into ${log.file}`);
    if (!told) await new Promise(resolve => setTimeout(resolve, 100));
  }
  return isLeft()
    ? fault('upload', 'it does not come to an end', `look into ${log.file}`)
    : fine('upload', 'nothing waits');
}
