import { Injectable } from '@nestjs/common';
import type { ErrorDetails, FieldFault } from '../../core/context/errors.js';
import { Units } from '../../core/database/units.js';
import { isUuid } from '../../core/database/values.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { faultOf } from '../../core/resource/bulk/bulk-fault.js';
import type { RowParts } from '../../core/resource/import/row-shape.js';
import { ResourceKit } from '../../core/resource/kit.js';
import type { AnyResourceService } from '../../core/resource/resource-registry.js';
import type { OnConflict, RowFault } from './import-job.entity.js';
import { keyIn, type MatchKey, rowsWith } from './match-keys.js';
import { putIds } from './named-rows.js';
import { CONFLICT, faultsIn, GONE, withoutKey } from './row-faults.js';

type Body = Record<string, unknown>;

export interface FileRow {
  row: number;
  line: number;
  parts: RowParts;
}

/** What is to be done with a row of a file. */
type Deed =
  | { kind: 'create'; body: Body }
  | { kind: 'update'; id: string; body: Body }
  | { kind: 'skip' }
  | { kind: 'none'; faults: FieldFault[] };
export type Planned = Pick<FileRow, 'row' | 'line'> & Deed;

/** What became of the rows of a part. */
export interface PartResult {
  created: number;
  updated: number;
  skipped: number;
  failed_rows: number;
  faults: RowFault[];
}

const IDS: MatchKey = { fields: ['id'] };

/** Rows of a file become writes of their resource: as many bodies of a bulk, and updates, by whoever asks. */
@Injectable()
export class ImportParts {
  constructor(
    private readonly kit: ResourceKit,
    private readonly units: Units,
  ) {}

  /** Looks, outside of any unit, what is to be done with each row: a row that is there is found by its id or its key. */
  async plan(
    service: AnyResourceService,
    rows: FileRow[],
    how: { key: MatchKey | undefined; on_conflict: OnConflict },
  ): Promise<Planned[]> {
    const { spec } = service;
    await putIds(
      this.kit,
      rows.map(one => one.parts),
    );
    const known = await this.rowsThere(service, rows, how.key);
    return rows.map(({ row, line, parts }) => {
      const { body, echo } = parts;
      const given = echo.id;
      if (parts.faults.length > 0) return { row, line, kind: 'none', faults: parts.faults };
      const own =
        typeof given === 'string' ? known.byId.get(JSON.stringify([given.toLowerCase()])) : undefined;
      const text = how.key && keyIn(spec, how.key, body);
      const id = own ?? (text === undefined ? undefined : known.byKey.get(text));
      const asksForId = how.key?.fields.join() === 'id' && given !== undefined && given !== null;
      if (!id && asksForId) return { row, line, kind: 'none', faults: [GONE] };
      if (!id && how.on_conflict !== 'error' && text === undefined && lacks(how.key, body, spec.owner))
        return { row, line, kind: 'none', faults: [withoutKey(how.key)] };
      if (!id) return { row, line, kind: 'create', body };
      if (how.on_conflict === 'skip') return { row, line, kind: 'skip' };
      if (how.on_conflict === 'update') return { row, line, kind: 'update', id, body: { ...body, ...echo } };
      const field = own ? 'id' : (how.key?.fields.at(-1) ?? 'id');
      return { row, line, kind: 'none', faults: [{ field, ...CONFLICT }] };
    });
  }

  private async rowsThere(service: AnyResourceService, rows: FileRow[], key: MatchKey | undefined) {
    const ids = rows.flatMap(({ parts }) => {
      const { id } = parts.echo;
      return typeof id === 'string' && isUuid(id) ? [JSON.stringify([id.toLowerCase()])] : [];
    });
    const keys = key && key.fields.join() !== 'id' ? key : undefined;
    const texts = keys ? rows.flatMap(({ parts }) => keyIn(service.spec, keys, parts.body) ?? []) : [];
    return {
      byId: await rowsWith(this.kit, service, IDS, ids),
      byKey: keys ? await rowsWith(this.kit, service, keys, texts) : new Map<string, string>(),
    };
  }

  /** Writes them inside of the running unit; what is wrong with one leaves the others alone. */
  async write(service: AnyResourceService, planned: Planned[]): Promise<PartResult> {
    const result: PartResult = { created: 0, updated: 0, skipped: 0, failed_rows: 0, faults: [] };
    const refuse = (one: Planned, faults: FieldFault[]) => {
      result.failed_rows++;
      result.faults.push(...faults.map(fault => ({ row: one.row, line: one.line, ...fault })));
    };
    const { create, update } = bodiesOf(service.spec);
    const fresh = planned.flatMap(one => (one.kind === 'create' ? [one] : []));
    const bodies = fresh.map(one => one.body);
    const outcomes = bodies.length > 0 ? await service.bulk(bodies, false, create) : [];
    for (const { index, error } of outcomes) {
      const one = fresh[index];
      if (one && error) refuse(one, faultsIn(error.error, error.code, error.details as ErrorDetails));
      else result.created++;
    }
    for (const one of planned) {
      if (one.kind === 'none') refuse(one, one.faults);
      else if (one.kind === 'skip') result.skipped++;
      else if (one.kind === 'update') {
        const fault = await this.update(service, one.id, () => validateBody(update, one.body));
        if (fault) refuse(one, faultsIn(fault.message, fault.code, fault.details));
        else result.updated++;
      }
    }
    result.faults.sort((a, b) => a.row - b.row);
    return result;
  }

  private async update(service: AnyResourceService, id: string, body: () => Promise<object>) {
    try {
      await this.units.attempt(async () => service.update(id, (await body()) as Body));
      return undefined;
    } catch (error) {
      return faultOf(error, false, 0);
    }
  }
}

/** Whether a row has nothing by which it could be found; where ids alone are asked for, a row without one is new. */
function lacks(key: MatchKey | undefined, body: Body, owner: string | undefined): boolean {
  if (key?.fields.join() === 'id') return false;
  const fields = key?.column ? key.fields.slice(-1) : (key?.fields ?? []);
  return !key || fields.some(name => name !== owner && [undefined, null, ''].includes(body[name] as null));
}
