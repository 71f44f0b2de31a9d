import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { Scope } from '../../context/actor.js';
import { renewActor } from '../../context/request-context.js';
import { type FieldFault, ValidationError } from '../../context/errors.js';
import { now } from '../../database/values.js';
import { customValuesOf } from '../custom/custom-fields.js';
import { csvLines } from './csv.js';
import { type NameColumn, namesOfPage } from './export-names.js';
import type { RawQuery } from '../lists/query-parts.js';

const FORMATS = [
  { kind: 'csv', type: 'text/csv', contentType: 'text/csv; charset=utf-8; header=present' },
  { kind: 'ndjson', type: 'application/x-ndjson', contentType: 'application/x-ndjson' },
] as const;
export type ExportFormat = (typeof FORMATS)[number];
/** Paging belongs to the list: an export is whole. */
const PAGING = ['skip', 'limit', 'cursor', 'count'];
/** The most values of a filter, and so of the ids whose names are read at once. */
const PAGE = 500;

/** What can be exported: a resource by its service, and whatever else is a list. */
export interface Exported {
  readonly spec: { path: string; readScope?: Scope };
  columnsOf(query: RawQuery): Promise<string[]> | string[];
  nameColumns(columns: string[]): NameColumn[];
  /** The keys of custom fields that have a column each beside these columns; none where there are no such fields. */
  customKeys?(columns: string[]): Promise<string[]>;
  part(query: RawQuery): Promise<{ items: object[]; next: string | null }>;
}

/** What an export writes, and how. */
export interface ExportRequest {
  format: ExportFormat;
  /** Begins with a byte order mark, by which Excel knows UTF-8. */
  bom: boolean;
  query: RawQuery;
}

/** The export that the Accept header asks for; undefined for the JSON page. */
export function exportFormat(accept: string | undefined): ExportFormat | undefined {
  return FORMATS.find(one => accept?.toLowerCase().startsWith(one.type));
}

/** The query of `/export`: that of the list without paging, with `format` (csv when absent) and `bom`. */
export function exportRequest({ format, bom, ...query }: RawQuery): ExportRequest {
  const faults: FieldFault[] = [];
  const wanted = FORMATS.find(one => one.kind === (format ?? 'csv'));
  if (!wanted) faults.push({ field: 'format', message: 'must be one of csv, ndjson', rule: 'enum' });
  if (bom !== undefined && bom !== 'true' && bom !== 'false')
    faults.push({ field: 'bom', message: 'must be true or false', rule: 'type' });
  else if (bom === 'true' && wanted?.kind === 'ndjson')
    faults.push({ field: 'bom', message: 'is for csv', rule: 'conflict' });
  for (const field of PAGING.filter(one => query[one] !== undefined))
    faults.push({ field, message: 'is not a parameter of an export, which is whole', rule: 'unknown' });
  if (!wanted || faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
  return { format: wanted, bom: bom === 'true', query };
}

/**
 * The whole filtered list as a file, page by page; faults of the query are thrown before the first byte. HEAD reads no
 * row: the server would read the file to its end, and nobody would get it.
 */
export async function exportFile(
  service: Exported,
  asked: ExportRequest,
  method: string,
): Promise<StreamableFile> {
  const { kind, contentType } = asked.format;
  const { path } = service.spec;
  await service.columnsOf(asked.query);
  const lines = method === 'HEAD' ? [] : await exportLines(service, asked);
  return new StreamableFile(Readable.from(lines), {
    type: contentType,
    disposition: `attachment; filename="${path}-${now().slice(0, 10)}.${kind}"`,
  });
}

async function exportLines(service: Exported, { format, bom, query }: ExportRequest) {
  const rest = { ...query, skip: undefined, limit: String(PAGE) };
  const first = await service.part({ ...query, limit: String(PAGE) });
  // Read when the connection has room: as the actor of this request all the same.
  const asActor = AsyncLocalStorage.snapshot();
  const columns = await service.columnsOf(query);
  const names = service.nameColumns(columns);
  const keys = format.kind === 'csv' ? ((await service.customKeys?.(columns)) ?? []) : [];
  async function* lines(): AsyncGenerator<string> {
    if (format.kind === 'csv') yield (bom ? '\ufeff' : '') + csvLines([headerOf(columns, names, keys)]);
    for (let page = first; ;) {
      const { items, next } = page;
      if (items.length > 0)
        yield format.kind === 'csv'
          ? await asActor(() => csvOf(items, columns, names, keys))
          : items.map(one => `${JSON.stringify(one)}\n`).join('');
      if (next === null) return;
      page = await asActor(async () => {
        await renewActor();
        return service.part({ ...rest, cursor: next });
      });
    }
  }
  return lines();
}

function headerOf(columns: string[], names: NameColumn[], keys: string[]): string[] {
  return columns.flatMap(name => [
    name,
    ...names.filter(one => one.field === name).map(one => one.header),
    ...(name === 'custom_fields' ? keys.map(key => `cf.${key}`) : []),
  ]);
}

async function csvOf(
  items: object[],
  columns: string[],
  names: NameColumn[],
  keys: string[],
): Promise<string> {
  const found = await namesOfPage(items, names);
  const named = new Set(names.map(one => one.field));
  return csvLines(
    (items as Record<string, unknown>[]).map(item =>
      columns.flatMap(name => {
        if (named.has(name)) return [item[name], found.get(String(item[name]))];
        const custom = customValuesOf(item);
        return [item[name], ...(name === 'custom_fields' ? keys.map(key => custom[key]) : [])];
      }),
    ),
  );
}
