import { statSync } from 'node:fs';
import type { Call } from '../cli/command.js';
import { counted } from '../cli/counted.js';
import { EXIT } from '../cli/errors.js';
import { print, Progress } from '../cli/output.js';
import { connectionOf } from '../configuration.js';
import { isKnownSession } from '../hook/session-state.js';
import { serverFolder } from '../server-folder.js';
import { requiredConnection } from '../server/server.js';
import { bury, filesOf, isBuried } from './files.js';
import { notesOf } from './notes.js';
import { projectNamed } from './project-named.js';
import { Sender } from './sender.js';
import { readTranscript, type Transcript } from './transcript.js';

const SHOWN_LINES = 20;

/** Brings transcripts and notes into the memory. Doing it again brings nothing twice. */
export async function importFiles(call: Call): Promise<number> {
  const isDry = call.flag('dry-run');
  if (!isDry) requiredConnection();
  const named = call.value('project');
  const project = named === undefined ? undefined : projectNamed(named);
  const files = filesOf(call.args);
  const fresh = files.filter(one => !isBuried(one));
  const total = fresh.reduce((sum, one) => sum + statSync(one).size, 0);
  const server = serverFolder(connectionOf().url);
  const sender = new Sender(isDry);
  const captured = new Set<string>();
  const skips = (session: string) => {
    const isCaptured = !call.flag('all') && isKnownSession(server, session);
    if (isCaptured) captured.add(session);
    return isCaptured;
  };
  const progress = new Progress('Bytes read');
  const transcripts: Transcript[] = [];
  const seen = new Set<string>();
  let [done, notes] = [0, 0];
  for (const file of fresh) {
    if (/\.(?:md|markdown)$/i.test(file)) {
      for (const event of notesOf(file, project)) {
        notes++;
        await sender.take(event);
      }
    } else {
      transcripts.push(await readTranscript(file, { seen, skips, project }, event => sender.take(event)));
    }
    await sender.flush();
    if (call.flag('tombstones') && !isDry) bury(file);
    progress.at((done += statSync(file).size), total);
  }
  progress.end();
  const { counts, projects, reason = null } = sender;
  const told = {
    ...summary(transcripts),
    dry_run: isDry,
    files: fresh.length,
    imported_before: files.length - fresh.length,
    notes,
    sessions_of_hooks: captured.size,
    projects,
    ...counts,
    reason,
    transcripts,
  };
  print(call.json, told, () => words(told));
  return counts.refused > 0 ? EXIT.failed : EXIT.ok;
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

function summary(transcripts: Transcript[]) {
  const of = (category: string) =>
    transcripts.filter(one => one.category === category && one.events > 0).length;
  return {
    turns: sum(transcripts.map(one => one.events)),
    ignored: sum(transcripts.map(one => one.ignored)),
    doubled: sum(transcripts.map(one => one.doubled)),
    broken: transcripts.flatMap(one => one.broken.map(line => ({ file: one.file, line }))),
    categories: { msp: of('msp'), development: of('development'), general: of('general') },
  };
}

type Told = ReturnType<typeof summary> & {
  dry_run: boolean; files: number; imported_before: number; notes: number; sessions_of_hooks: number;
  stored: number; repeated: number; refused: number; reason: string | null; projects: Record<string, number>;
}; // prettier-ignore

function words(told: Told): string {
  const { broken } = told;
  const kinds = Object.entries(told.categories).filter(([, count]) => count > 0);
  const before =
    told.imported_before === 0 ? [] : [`${counted(told.imported_before, 'file')} imported before`];
  const of = [counted(told.turns, 'turn'), counted(told.notes, 'note'), ...before];
  return [
    `${counted(told.files, 'file')}: ${of.join(', ')}`,
    ...(kinds.length > 0 ? [`sessions: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')}`] : []),
    ...Object.entries(told.projects).map(([name, count]) => `project ${name}: ${count}`),
    ...(told.sessions_of_hooks
      ? [`left out: ${counted(told.sessions_of_hooks, 'session')} that hooks have saved (--all takes them)`]
      : []),
    `lines: ${told.ignored} that nobody said, ${told.doubled} said in two files, ${broken.length} broken`,
    ...broken.slice(0, SHOWN_LINES).map(one => `  ${one.file}:${one.line} is no JSON`),
    told.dry_run
      ? 'Nothing was sent: this was a dry run.'
      : `stored: ${told.stored}; known already: ${told.repeated}; refused: ${told.refused}${told.reason ? ` (${told.reason})` : ''}`,
  ].join('\n');
}
