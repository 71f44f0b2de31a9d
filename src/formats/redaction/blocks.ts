import { marker } from './marker.js';

interface Block {
  kind: string;
  /** In lower case, what a text must hold to be looked at more closely. */
  hint: string;
  begin: RegExp;
  end: RegExp;
  /** Where a block without an end stops. */
  rest: RegExp;
}

const BLOCKS: Block[] = [
  { kind: 'private', hint: '<private>', begin: /<private>/gi, end: /<\/private>/gi, rest: /[^]*/y },
  {
    kind: 'private_key',
    hint: '-----begin ',
    begin: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g,
    end: /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g,
    // What was cut off: the lines of base64, also where line breaks are written as \n.
    rest: /(?:[A-Za-z0-9+/=:,. \t\r\n]|\\[nr]|-(?!----)){0,20000}/y,
  },
  // PuTTY's format: the key is the lines below this one.
  { kind: 'private_key', hint: 'private-lines: ', begin: /^Private-Lines: \d{1,4}\r?\n/gm, end: /^Private-MAC:/gm, rest: /[A-Za-z0-9+/=\r\n]*/y },
]; // prettier-ignore

/** Masks `<private>…</private>` and private keys; each text is looked through once for each kind of block. */
export function maskBlocks(text: string, lower: string): string {
  return BLOCKS.reduce(
    (masked, block) => (lower.includes(block.hint) ? maskBlock(masked, block) : masked),
    text,
  );
}

function maskBlock(text: string, { kind, begin, end, rest }: Block): string {
  const parts: string[] = [];
  let done = 0;
  let isClosed = true;
  begin.lastIndex = 0;
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    const inside = begin.lastIndex;
    end.lastIndex = inside;
    const last: RegExpExecArray | null = isClosed ? end.exec(text) : null;
    isClosed = last !== null;
    rest.lastIndex = inside;
    if (!last) rest.test(text);
    parts.push(text.slice(done, found.index), marker(kind));
    done = begin.lastIndex = last ? last.index + last[0].length : Math.max(inside, rest.lastIndex);
  }
  return parts.length > 0 ? parts.join('') + text.slice(done) : text;
}
