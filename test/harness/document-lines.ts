import { readFileSync } from 'node:fs';

const BLOCK = /^( *)```sh\n(.*?)^ *```/gms;

/** The blocks of lines for a shell on a page, each without what it is indented by. */
export function blocksIn(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([, indent = '', lines = '']) =>
    lines.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Those below a heading of a page, up to the next heading of any level. */
export function linesOf(page: string, heading: string): string[] {
  const outside = readFileSync(page, 'utf8').split(new RegExp(`^#+ ${heading}\n`, 'm'))[1] ?? '';
  const lines = outside.split('\n');
  let isCode = false;
  const end = lines.findIndex(line => {
    if (/^ *```/.test(line)) isCode = !isCode;
    return !isCode && /^#+ /.test(line);
  });
  const blocks = blocksIn(`${lines.slice(0, end === -1 ? undefined : end).join('\n')}\n`);
  if (blocks.length === 0) throw new Error(`${page} has no lines below ${heading}`);
  return blocks;
}
