import { Injectable } from '@nestjs/common';
import { AuthorizationError, ConflictError, ValidationError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { forUpdate } from '../database/locks.js';
import { now } from '../database/values.js';
import type { RawQuery } from '../resource/lists/query-parts.js';
import { type Body, ResourceService, type View } from '../resource/resource.service.js';
import { changesBetween, newRow } from '../resource/row-changes.js';
import type { Clause } from '../table/clause.js';
import { checkDefinition } from './check-definition.js';
import { CustomFieldDefinition } from './definition.entity.js';
import { StoredValues } from './stored-values.js';

/** The definitions of one resource, those with kept values among them. */
const MOST = 100;
/** The rows whose values a change of key or kind converts, in one transaction. */
const MOST_CONVERTED = 10_000;

const rowsHave = (count: number) => (count === 1 ? '1 row has a value' : `${count} rows have values`);

const IN_QUERY = 'must be keep or delete, as a parameter of the query (?values=keep)';

/** Which custom fields there are; what would lose values is refused. */
@Injectable()
export class DefinitionsService extends ResourceService(CustomFieldDefinition) {
  constructor(private readonly values: StoredValues) {
    super();
  }

  /** Where values of this key were kept, they are there again. */
  override create(body: Body): Promise<View<CustomFieldDefinition>> {
    return this.kit.units.run(async () => {
      await this.requireWriter();
      const where = { resource: String(body.resource), key: String(body.key) };
      const kept = await this.kit.rows.findOne(CustomFieldDefinition, where);
      if (!kept?.removed_at) return super.create(body);
      if ((await this.values.count(kept)) > 0) return this.revive(kept, body);
      await this.kit.rows.remove(CustomFieldDefinition, { id: kept.id });
      for (const one of this.kit.registry.followers) one.follow(this.spec, kept, true);
      return super.create(body);
    });
  }

  /** Values are cleared some at a time, each time in a unit of its own, so that nobody waits for all of them. */
  override async remove(id: string, ifMatch?: string, query: RawQuery = {}): Promise<void> {
    const { values } = query;
    if (values !== undefined && values !== 'keep' && values !== 'delete')
      throw ValidationError.of('values', IN_QUERY, 'enum');
    if (values !== 'delete') return this.removeKeeping(id, ifMatch, values === 'keep');
    await this.kit.units.outside(async () => {
      const row = await this.kit.units.run(() => this.retire(id, ifMatch, 'delete'));
      while (await this.kit.units.run(() => this.values.clearSome(row)));
      await this.kit.units.run(async () => {
        const [last] = await this.kit.rows.find(CustomFieldDefinition, { id });
        if (!last?.removed_at) return;
        await this.kit.rows.remove(CustomFieldDefinition, { id });
        this.recordChange('delete', last, { changes: changesBetween(this.spec, last, {}) });
      });
    });
  }

  protected override nameOf({ resource, key }: CustomFieldDefinition): string {
    return `${resource}.${key}`;
  }

  protected override restrictions(): Clause[] {
    return [...super.restrictions(), { sql: 'custom_field_definitions.removed_at IS NULL', values: [] }];
  }

  /** A definition changes what rows of every client may hold. */
  protected override async requireWriter(before?: CustomFieldDefinition): Promise<void> {
    await super.requireWriter(before);
    if (currentActor().client_access !== 'all')
      throw new AuthorizationError('Custom fields are defined by those who see every client');
  }

  protected override fill(row: CustomFieldDefinition): void {
    row.label ??= inWords(row.key);
  }

  protected override async check(row: CustomFieldDefinition, before?: CustomFieldDefinition): Promise<void> {
    await checkDefinition(row, before);
    if (before) await this.requireFitting(row, before);
    else await this.requireRoom(row.resource);
  }

  protected override async after(row: CustomFieldDefinition, before?: CustomFieldDefinition): Promise<void> {
    if (before && isConversion(row, before)) await this.values.convert(before, row);
  }

  private removeKeeping(id: string, ifMatch: string | undefined, keep: boolean): Promise<void> {
    return this.kit.units.run(async () => {
      const row = await this.find(id, true);
      await this.requireWriter(row);
      this.checkVersion(row, ifMatch);
      const count = await this.values.count(row);
      if (count === 0) return this.removeAll([id]);
      if (!keep) throw ValidationError.of('values', `${IN_QUERY}: ${rowsHave(count)}`, 'required');
      await this.retire(id, ifMatch, 'keep', count);
    });
  }

  /** From here on nobody gives a value. One that is retired can be so again: what was interrupted goes on. */
  private async retire(
    id: string,
    ifMatch: string | undefined,
    values: 'keep' | 'delete',
    count?: number,
  ): Promise<CustomFieldDefinition> {
    const [kept] = await this.kit.rows.find(CustomFieldDefinition, { id });
    const row = kept?.removed_at ? kept : await this.find(id, true);
    await this.requireWriter(row);
    this.checkVersion(row, ifMatch);
    if (row.removed_at) return row;
    const rows = count ?? (await this.values.count(row));
    return this.change(row, { removed_at: now() }, 'remove', { values, rows });
  }

  private async revive(kept: CustomFieldDefinition, body: Body): Promise<View<CustomFieldDefinition>> {
    const row = newRow<CustomFieldDefinition>(this.spec, body);
    Object.assign(row, { id: kept.id, version: kept.version + 1, created_at: kept.created_at });
    this.fill(row);
    await checkDefinition(row);
    if (row.kind !== kept.kind)
      throw this.conflict(
        `${rowsHave(await this.values.count(kept))} of the kind ${kept.kind} that were kept; define it so, or clear them: DELETE /api/custom-field-definitions/${kept.id}?values=delete`,
        kept,
        'kind',
      );
    await this.requireChoices(row, kept);
    await this.write(kept, row);
    this.recordChange('create', row, { changes: changesBetween(this.spec, {}, row) });
    return this.viewOf(row);
  }

  private async requireFitting(row: CustomFieldDefinition, before: CustomFieldDefinition): Promise<void> {
    if (isConversion(row, before)) {
      const count = await this.values.count(before);
      const field = row.kind === before.kind ? 'key' : 'kind';
      if (count > MOST_CONVERTED)
        throw this.conflict(
          `${rowsHave(count)}; those of at most ${MOST_CONVERTED} are converted`,
          row,
          field,
        );
      const misfits = row.kind === before.kind ? 0 : await this.values.misfits(before, row);
      if (misfits > 0) throw this.conflict(`${rowsHave(misfits)} that the kind ${row.kind} does not have`, row, field); // prettier-ignore
    }
    if (row.kind === before.kind) await this.requireChoices(row, before);
  }

  private async requireChoices(row: CustomFieldDefinition, before: CustomFieldDefinition): Promise<void> {
    const gone = (before.choices ?? []).filter(one => !row.choices?.includes(one));
    const count = gone.length > 0 ? await this.values.count(before, gone) : 0;
    if (count > 0) throw this.conflict(`${rowsHave(count)} that would be no choice any more`, row, 'choices');
  }

  /** Of many that are created at once, each waits for the one before. */
  private async requireRoom(resource: string): Promise<void> {
    const { sql } = this.kit.units;
    const all = 'FROM custom_field_definitions WHERE resource = ?';
    await sql.select(`SELECT id ${all} ORDER BY id LIMIT 1${forUpdate(sql.dialect)}`, [resource]);
    const [found] = await sql.select<{ n: number }>(`SELECT COUNT(*) AS n ${all}`, [resource]);
    if (Number(found?.n ?? 0) >= MOST)
      throw new ConflictError(`${resource} has ${MOST} custom fields, and may not have more`, {
        field: 'resource',
        resource_type: this.spec.label,
      });
  }
}

function isConversion(row: CustomFieldDefinition, before: CustomFieldDefinition): boolean {
  return row.key !== before.key || row.kind !== before.kind;
}

function inWords(key: string): string {
  const words = key.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
