import { Injectable } from '@nestjs/common';
import { AuthorizationError, ConflictError, ValidationError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { forUpdate } from '../database/locks.js';
import { ResourceService } from '../resource/resource.service.js';
import { allResources } from '../resource/resource.js';
import type { Clause } from '../table/clause.js';
import { CustomFieldDefinition } from './definition.entity.js';
import { CustomField } from './definitions.js';
import { refuseSecretField } from './secrets.js';

/** The definitions of one resource, those with kept values among them. */
const MOST = 100;

/** Which custom fields there are; what would lose values is refused. */
@Injectable()
export class DefinitionsService extends ResourceService(CustomFieldDefinition) {
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
    checkResource(row, before);
    if (row.key in Object.prototype)
      throw ValidationError.of('key', 'is a word of JavaScript; choose another', 'key');
    if (row.key.includes('__'))
      throw ValidationError.of(
        'key',
        'must not hold __, which stands before the operator of a filter',
        'key',
      );
    checkChoices(row);
    refuseSecretField(row);
    await checkDefault(row);
    if (before) await this.keepValues(row, before);
    else await this.requireRoom(row.resource);
  }

  protected override async beforeRemove(row: CustomFieldDefinition): Promise<void> {
    await this.refuseWhileUsed(row, 'values');
  }

  private async keepValues(row: CustomFieldDefinition, before: CustomFieldDefinition): Promise<void> {
    for (const name of ['key', 'kind'] as const)
      if (row[name] !== before[name]) await this.refuseWhileUsed(row, name);
    const gone = (before.choices ?? []).filter(one => !row.choices?.includes(one));
    if (row.kind === 'choice' && gone.length > 0) await this.refuseWhileUsed(row, 'choices', gone);
  }

  /** 409 while rows have values of the definition; nobody gives one until the unit ends. */
  private async refuseWhileUsed(row: CustomFieldDefinition, field: string, values?: string[]): Promise<void> {
    const among = values ? ` AND text_value IN (${values.map(() => '?').join(', ')})` : '';
    const text = `SELECT COUNT(*) AS n FROM custom_field_values WHERE definition_id = ?${among}`;
    const [found] = await this.kit.units.sql.select<{ n: number }>(text, [row.id, ...(values ?? [])]);
    const count = Number(found?.n ?? 0);
    if (count > 0)
      throw this.conflict(
        `${count} ${count === 1 ? 'row has a value' : 'rows have values'} of it`,
        row,
        field,
      );
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

function inWords(key: string): string {
  const words = key.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function checkResource(row: CustomFieldDefinition, before?: CustomFieldDefinition): void {
  const paths = allResources().flatMap(one => (one.customFields ? [one.path] : []));
  if (!paths.includes(row.resource))
    throw ValidationError.of('resource', `must be one of ${paths.join(', ')}`, 'isIn');
  if (before && before.resource !== row.resource)
    throw ValidationError.of('resource', 'stays as it was created', 'immutable');
}

function checkChoices({ kind, choices }: CustomFieldDefinition): void {
  if (kind !== 'choice' && choices !== null)
    throw ValidationError.of('choices', 'are for the kind choice', 'choices');
  if (kind === 'choice' && !choices?.length)
    throw ValidationError.of('choices', 'must name at least one', 'required');
  if (choices && new Set(choices).size < choices.length)
    throw ValidationError.of('choices', 'must not name anything twice', 'arrayUnique');
}

/** A default is a value like any other. */
async function checkDefault(row: CustomFieldDefinition): Promise<void> {
  if (row.default === null) return;
  try {
    row.default = await new CustomField(row).checked(row.default);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError((error.details.errors ?? []).map(one => ({ ...one, field: 'default' })));
  }
}
