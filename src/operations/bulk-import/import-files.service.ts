import { Injectable } from '@nestjs/common';
import { NotFoundError, ValidationError } from '../../core/context/errors.js';
import { Uploads } from '../../core/requests/uploads/uploads.js';
import { columnsIn, readCsv } from '../../core/resource/import/csv-rows.js';
import { fileFault } from '../../core/resource/import/file-fault.js';
import { fileText, startText } from '../../core/resource/import/file-text.js';
import { readNdjson } from '../../core/resource/import/ndjson-rows.js';
import { RowShape } from '../../core/resource/import/row-shape.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { type ResourceSpec, ROUTES } from '../../core/resource/resource.js';
import type { AnyResourceService } from '../../core/resource/resource-registry.js';
import type { Format, ImportJob, OnConflict } from './import-job.entity.js';
import type { FileRow } from './import-parts.service.js';
import type { MatchKey } from './match-keys.js';
import { withoutKey } from './row-faults.js';
import { requireUpdates } from './rights.js';

/** Rows of a file; what keeps track of the keys that were seen has 16 bytes for each. */
const MOST_ROWS = 1_000_000;
/** Rows that are written in one unit; of those whose secrets or passwords are sealed or hashed, which takes its time, fewer. */
const PART = 500;
const PART_WITH_SECRETS = 50;
/** Characters of such rows. */
const PART_CHARACTERS = 1024 * 1024;

export interface OpenFile {
  service: AnyResourceService;
  parts: AsyncGenerator<FileRow[]>;
}

/** Files as rows of a resource. */
@Injectable()
export class ImportFiles {
  constructor(
    private readonly kit: ResourceKit,
    private readonly uploads: Uploads,
  ) {}

  /** @throws NotFoundError for what is no resource, or none whose rows are created by whoever asks */
  serviceOf(path: string): AnyResourceService {
    const service = this.kit.registry.byPath(path);
    const { routes = ROUTES } = service?.spec ?? {};
    if (service && routes.includes('bulk')) return service;
    throw new NotFoundError(
      service
        ? `Rows of ${path} are not brought in by files: they have no bulk`
        : 'There is no such resource',
    );
  }

  /**
   * Looks at the beginning of a file before it is stored.
   *
   * @returns the columns that an import of new rows ignores
   * @throws ValidationError for what is no such file, and for names of columns that mean nothing here
   */
  async examine(
    service: AnyResourceService,
    start: Buffer,
    isAll: boolean,
    { format, on_conflict, key }: { format: Format; on_conflict: OnConflict; key: MatchKey | undefined },
  ): Promise<string[]> {
    const shape = await this.shapeOf(service.spec);
    const text = startText(start, isAll);
    if (format === 'ndjson') return shape.ignoredOf(namesInLine(text, isAll));
    const columns = columnsIn(text);
    if (isAll && !/[\r\n]/.test(text.toString('latin1')))
      throw fileFault(
        'has one line alone: rows are missing, or curl has joined them: --data-binary keeps them',
        'lines',
      );
    const faults = shape.faultsOf(columns, on_conflict === 'update');
    if (faults.length === 0) {
      if (on_conflict !== 'error') requireKey(shape, columns, key);
      return shape.ignoredOf(columns);
    }
    throw new ValidationError(faults, `The columns of the file are not those of ${service.spec.path}`);
  }

  /** The rows of a job's file, in parts that are written together. */
  async open(job: ImportJob): Promise<OpenFile> {
    const service = this.serviceOf(job.resource);
    requireUpdates(service.spec, job.on_conflict);
    const shape = await this.shapeOf(service.spec);
    const text = fileText(this.uploads.read(job.id, job.pieces));
    const rows = job.format === 'csv' ? csvRows(shape, text) : jsonRows(shape, text);
    return { service, parts: inParts(rows, isSlow(service.spec) ? PART_WITH_SECRETS : PART) };
  }

  private async shapeOf(spec: ResourceSpec): Promise<RowShape> {
    const customs = spec.customFields ? await this.kit.customFields.columns(spec) : new Map();
    return new RowShape(spec, this.kit.registry, customs);
  }
}

/** @throws ValidationError where no row of a file could be found by anything, so that sending it again would double them */
function requireKey(shape: RowShape, columns: string[], key: MatchKey | undefined): void {
  const last = key?.fields.at(-1) ?? 'id';
  if (columns.includes('id') || shape.gives(columns, last)) return;
  const { field, message, rule } = withoutKey(key);
  throw new ValidationError(
    [{ field, message, rule }],
    `No row of this file can be found again: it ${message}`,
  );
}

const isSlow = ({ secrets, fields, virtual }: ResourceSpec) =>
  secrets || [...fields, ...virtual].some(one => one.writeOnly && !one.internal);

type Sized = FileRow & { size: number };

const LF = 10;

/** Of the first object; none where it does not end in there. */
function namesInLine(text: Buffer, isAll: boolean): string[] {
  const end = text.indexOf(LF);
  if (end === -1 && !isAll) return [];
  const line = text.toString('utf8', 0, end === -1 ? undefined : end).trim();
  if (line === '') return [];
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? Object.keys(value ?? {}) : [];
  } catch {
    throw fileFault('is no JSON: NDJSON has one object in each line', 'json', 1);
  }
}

async function* csvRows(shape: RowShape, text: AsyncGenerator<Buffer>): AsyncGenerator<Sized> {
  const { columns, rows } = await readCsv(text);
  for await (const { row, line, cells } of rows) {
    let size = 0;
    for (const cell of cells) size += cell.length;
    yield { row, line, size, parts: shape.ofCells(columns, cells) };
  }
}

async function* jsonRows(shape: RowShape, text: AsyncGenerator<Buffer>): AsyncGenerator<Sized> {
  for await (const { row, line, value, size } of readNdjson(text))
    yield { row, line, size, parts: shape.ofObject(value) };
}

async function* inParts(rows: AsyncGenerator<Sized>, most: number): AsyncGenerator<FileRow[]> {
  let part: FileRow[] = [];
  let characters = 0;
  for await (const { size, ...one } of rows) {
    if (one.row > MOST_ROWS) throw fileFault(`has more than ${MOST_ROWS} rows`, 'rows');
    part.push(one);
    characters += size;
    if (part.length < most && characters < PART_CHARACTERS) continue;
    yield part;
    [part, characters] = [[], 0];
  }
  if (part.length > 0) yield part;
}
