import { withSealedBeside } from './beside.js';
import { Drafts } from './drafts.js';
import { type Bounds, type FileKind, Search, type Searched } from './files.js';
import { type Finding, findingsOf } from './findings.js';
import { readEnv } from './reading/env.js';
import { readLines } from './reading/lines.js';

/** What is found in the text of a file. */
export function credentialsIn(
  path: string,
  kind: FileKind,
  text: string,
  isOver: () => boolean = () => false,
): Finding[] {
  const said = kind === 'env' ? readEnv(text) : readLines(text, { prose: kind === 'text', isOver });
  return new Drafts(path).take(said).flatMap(draft => findingsOf(path, draft));
}

/** The same credential in several files is one. */
const sameOf = ({ service, type, username, secrets }: Finding) =>
  JSON.stringify([service, type, username, secrets]);

/** Looks for credentials below some paths. */
export function look(paths: string[], bounds?: Bounds): Searched & { found: Finding[] } {
  const found = new Map<string, Finding>();
  const search = new Search((path, kind, text, isOver) => {
    for (const one of credentialsIn(path, kind, text, isOver).flatMap(withSealedBeside)) {
      const same = sameOf(one);
      if (!found.has(same)) found.set(same, one);
    }
  }, bounds);
  return { ...search.run(paths), found: [...found.values()] };
}
