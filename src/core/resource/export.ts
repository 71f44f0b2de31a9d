import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import type { RawQuery } from './list-query.js';
import type { AnyService } from './resource.controller.js';

const FORMATS = [
  { kind: 'csv', type: 'text/csv' },
  { kind: 'ndjson', type: 'application/x-ndjson' },
] as const;
export type ExportFormat = (typeof FORMATS)[number];
const PAGE = 500;
const RISKY = /^[=+\-@'\u0000-\u001f]/;

/** The export that the Accept header asks for; undefined for the JSON page. */
export function exportFormat(accept: string | undefined): ExportFormat | undefined {
  return FORMATS.find(one => accept?.toLowerCase().startsWith(one.type));
}

/** An apostrophe before what a spreadsheet would run as a formula; an import removes exactly one. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
  return RISKY.test(text) ? `'${text}` : text;
}

/** The whole filtered list, page by page; faults of the query are thrown before the first byte. */
export async function exportStream(
  service: AnyService,
  raw: RawQuery,
  format: ExportFormat,
): Promise<Readable> {
  const rest = { ...raw, skip: undefined, limit: String(PAGE) };
  const first = await service.part({ ...raw, limit: String(PAGE) });
  const columns = service.columnsOf(raw);
  async function* lines(): AsyncGenerator<string> {
    if (format.kind === 'csv') yield stringify([columns]);
    for (let page = first; ;) {
      if (page.items.length > 0) yield text(page.items, columns, format);
      if (page.next === null) return;
      page = await service.part({ ...rest, cursor: page.next });
    }
  }
  return Readable.from(lines());
}

function text(items: object[], columns: string[], format: ExportFormat): string {
  if (format.kind === 'ndjson') return items.map(one => `${JSON.stringify(one)}\n`).join('');
  return stringify(items.map(one => columns.map(name => csvCell((one as Record<string, unknown>)[name]))));
}
