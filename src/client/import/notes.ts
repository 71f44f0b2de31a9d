import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Project, projectOf } from '../project/project.js';
import { cut } from '../cut.js';
import { clean, keyOf, type MemoryEvent } from '../spool/event.js';
import { Categories } from './categories.js';

const MOST_OF_NOTE = 16_000;
const HEADING = /^#{1,3} +(.+?)\s*#*\s*$/;

interface Section {
  title: string;
  lines: string[];
}

/** The sections of a text of Markdown, by its headings up to the third level; what is in a block of code is none. */
function sectionsOf(text: string, name: string): Section[] {
  const sections: Section[] = [{ title: name, lines: [] }];
  let isCode = false;
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
    const heading = isCode ? undefined : HEADING.exec(line)?.[1];
    if (heading) sections.push({ title: heading, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.filter(one => one.lines.some(line => line.trim() !== ''));
}

/** Each section of a note as an event, for the project of its folder unless another is named; the same section again is the same event, wherever the file is. */
export function notesOf(file: string, to?: Project): MemoryEvent[] {
  const name = basename(file).replace(/\.(?:md|markdown)$/i, '');
  const at = statSync(file).mtime.toISOString();
  const project = to ?? projectOf(resolve(dirname(file)));
  return sectionsOf(readFileSync(file, 'utf8'), name).flatMap(({ title, lines }) => {
    const text = clean(lines.join('\n'), MOST_OF_NOTE);
    if (text === '') return [];
    const categories = new Categories();
    categories.add(`${title}\n${text}`);
    return {
      key: keyOf('note', name, title, text),
      kind: 'note' as const,
      at,
      session_key: cut(`notes-${clean(name)}`, 255),
      project,
      source: 'import' as const,
      title: clean(title, 255) || name,
      text,
      tags: [categories.category, 'imported'],
    };
  });
}
