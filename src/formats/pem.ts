import { FormatError } from './format-error.js';

/** One block of a PEM text (RFC 7468; the headers of RFC 1421 stand in `headers`). */
export interface PemBlock {
  label: string;
  headers: string;
  bytes: Buffer;
}

const BEGIN = '-----BEGIN ';
const LABEL = /^([A-Z0-9][A-Z0-9 ]{0,40})-----/;

/** The lines before the empty one are headers, where the first of them has a colon. */
function splitHeaders(body: string): [headers: string, data: string] {
  const text = body.replaceAll('\r\n', '\n').trim();
  const end = text.indexOf('\n\n');
  return end > 0 && text.slice(0, end).includes(':') ? [text.slice(0, end), text.slice(end)] : ['', text];
}

/**
 * The blocks of a text in their order, in time linear in its length; what stands between them is passed over.
 *
 * @throws FormatError when a block has no end or is not base64
 */
export function* pemBlocks(text: string): Generator<PemBlock> {
  for (let from = text.indexOf(BEGIN); from >= 0; from = text.indexOf(BEGIN, from)) {
    const start = from + BEGIN.length;
    const label = LABEL.exec(text.slice(start, start + 60))?.[1];
    const end = label === undefined ? -1 : text.indexOf(`-----END ${label}-----`, start);
    if (label === undefined || end < 0) throw new FormatError('A PEM block has no end');
    const [headers, data] = splitHeaders(text.slice(start + label.length + 5, end));
    const base64 = data.replace(/\s/g, '');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new FormatError('A PEM block is not base64');
    yield { label, headers, bytes: Buffer.from(base64, 'base64') };
    from = end;
  }
}
