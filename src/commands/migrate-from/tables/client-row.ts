import { resourceOf } from '../../../core/resource/resource.js';
import { Client } from '../../../directory/clients/client.entity.js';
import type { EarlierRow, Seen } from '../earlier-rows.js';
import { fillable, isFalse } from '../field-values.js';
import { acceptable, Notes } from '../said-in-notes.js';
import { type ColumnsOfTable, factsOf } from './credential-row.js';
import type { TableRow } from './table-row.js';

/** A client of an earlier system; one that was not active there is paused. */
export async function clientRow(row: TableRow, table: ColumnsOfTable, seen: Seen): Promise<EarlierRow> {
  const spec = resourceOf(Client);
  const notes = new Notes(seen);
  const own = { ...table, placing: new Set([...table.placing, 'is_active']) };
  const facts = factsOf(fillable(spec), row, own, notes, seen);
  const active = table.columns.includes('is_active') ? row.text('is_active') : null;
  if (facts.status === undefined && isFalse(active ?? '')) facts.status = 'paused';
  const made = row.become(
    { client: null, user: null, bodies: [] },
    row.named(table.columns, String(facts.name)),
  );
  if (made.faults.length > 0) return made;
  const body = await acceptable(spec, facts, notes, made);
  if (body) made.bodies.push(body);
  return made;
}
