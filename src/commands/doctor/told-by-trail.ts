import { placeholders, type Sql } from '../../core/database/sql.js';

/** What the entries of a row say of it. */
export interface Told {
  /** The last value of each field that is told whole. */
  values: Record<string, unknown>;
  /** Fields that the last entry about them tells in part. */
  cut: Set<string>;
}

/** How `boundedJson` ends what it has shortened. */
const SHORTENED = /… \(\d+ (?:items|characters)\)$/;

/** What the trail says of some rows, from oldest to newest entry. An entry that is not to be read says nothing. */
export async function toldByTrail(sql: Sql, name: string, ids: string[]): Promise<Map<string, Told>> {
  const entries = await sql.select<{ resource_id: string; changes: string | null }>(
    'SELECT resource_id, changes FROM journal ' +
      `WHERE resource_id IN (${placeholders(ids.length)}) AND resource_type = ? AND changes IS NOT NULL ORDER BY n`,
    [...ids, name],
  );
  const told = new Map<string, Told>();
  for (const { resource_id, changes } of entries) {
    const row = told.get(resource_id) ?? { values: {}, cut: new Set() };
    take(row, changesIn(changes));
    told.set(resource_id, row);
  }
  return told;
}

function take({ values, cut }: Told, changes: Record<string, unknown>): void {
  const isCut = changes.truncated === true;
  // Where even the shortened values are too long, the names of the fields are all that is told.
  if (isCut && isTextList(changes.fields)) for (const field of changes.fields) cut.add(field);
  for (const [field, pair] of Object.entries(changes)) {
    if (!Array.isArray(pair) || pair.length !== 2 || (isCut && field === 'fields')) continue;
    const now: unknown = pair[1];
    if (isCut && isShortened(now)) cut.add(field);
    else {
      values[field] = now;
      cut.delete(field);
    }
  }
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(one => typeof one === 'string');

function isShortened(value: unknown): boolean {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' && SHORTENED.test(last);
}

function changesIn(text: string | null): Record<string, unknown> {
  try {
    return { ...(JSON.parse(text ?? '{}') as Record<string, unknown>) };
  } catch {
    return {};
  }
}
