import { basename } from 'node:path';
import { type Project, projectOf } from '../project/project.js';
import { clean, keyOf, type MemoryEvent, saidKey, sessionKey } from '../spool/event.js';
import { Categories, type Category } from './categories.js';
import { promptIn, saidIn } from '../transcript/line.js';
import { Quality } from './quality.js';
import { entriesOf, linesOf } from '../transcript/read-lines.js';

/** What a transcript came to. */
export interface Transcript {
  file: string;
  /** Of the conversation. */
  session: string;
  events: number;
  /** Lines of kinds that nobody said. */
  ignored: number;
  /** Numbers of lines that are no JSON. */
  broken: number[];
  /** The same thing said in another file, too. */
  doubled: number;
  category: Category;
  quality: number;
}

/** What transcripts of one run have in common. */
export interface Run {
  /** What other files held: a session that goes on repeats what it began with. */
  seen: Set<string>;
  /** Says whether a session is left out. */
  skips: (session: string) => boolean;
  /** Where everything goes; to the project of the folder that a session worked in when absent. */
  project?: Project;
}

/**
 * The events of a transcript, to `take` as they come; the last thing that the assistant said comes at the end, as what the
 * session came to.
 */
export async function readTranscript(
  file: string,
  { seen, skips, project: to }: Run,
  take: (event: MemoryEvent) => Promise<void>,
): Promise<Transcript> {
  const told: Transcript = {
    file,
    session: basename(file),
    events: 0,
    ignored: 0,
    broken: [],
    doubled: 0,
    category: 'general',
    quality: 0,
  };
  const [categories, quality] = [new Categories(), new Quality()];
  const projects = new Map<string, Project>();
  let last: MemoryEvent | undefined;
  let prompt: string | undefined;
  let isSummed = false;
  const give = async (event: MemoryEvent) => {
    told.events++;
    await take(event);
  };
  for await (const { line, value } of file.endsWith('.json') ? entriesOf(file) : linesOf(file)) {
    if (value === undefined) {
      told.broken.push(line);
      continue;
    }
    prompt = promptIn(value) ?? prompt;
    const said = saidIn(value);
    const text = said && clean(said.text);
    if (!said || !text) {
      told.ignored++;
      continue;
    }
    const session = sessionKey(said.session ?? basename(file));
    told.session = session;
    if (skips(session)) continue;
    const mark = keyOf(said.uuid ?? session, said.speaker, text);
    if (seen.has(mark) && said.uuid) {
      told.doubled++;
      continue;
    }
    seen.add(mark);
    categories.add(text);
    if (said.isSummary) isSummed = true;
    else quality.add(said.speaker, text);
    const folder = said.folder ?? process.cwd();
    const project = to ?? projects.get(folder) ?? projectOf(folder);
    projects.set(folder, project);
    const event: MemoryEvent = {
      key: said.isSummary
        ? saidKey(session, 'summary', undefined, text)
        : saidKey(session, said.speaker, prompt, text),
      kind: said.isSummary ? 'compact' : 'turn',
      at: said.at ?? new Date().toISOString(),
      session_key: session,
      project,
      source: 'import',
      text,
      ...(said.isSummary
        ? { title: 'Summary of the conversation (imported)', tags: [categories.category, 'imported'] }
        : { speaker: said.speaker, sequence: line }),
    };
    if (event.speaker !== 'assistant') await give(event);
    else {
      if (last) await give(last);
      last = event;
    }
  }
  told.category = categories.category;
  told.quality = quality.score;
  // A summary says more of what the session came to.
  if (last) await give(isSummed ? last : { ...last, kind: 'stop', tags: [told.category, 'imported'] });
  return told;
}
