import type { TestApp } from '../app.js';

export interface Entry {
  action: string;
  outcome: string;
  actor_id: string | null;
  request_id: string | null;
  client_id: string | null;
  /** {field: [before, after]} */
  changes: Record<string, [unknown, unknown]>;
  details: Record<string, unknown>;
}

/** The entries about a row, oldest first. */
export async function entriesOf(t: TestApp, resource_id: string): Promise<Entry[]> {
  const rows = await t.sql<Record<string, string | null>>(
    'SELECT action, outcome, actor_id, request_id, client_id, changes, details FROM journal WHERE resource_id = ? ORDER BY n',
    [resource_id],
  );
  return rows.map(row => ({
    ...(row as unknown as Entry),
    changes: JSON.parse(row.changes ?? '{}') as Entry['changes'],
    details: JSON.parse(row.details ?? '{}') as Entry['details'],
  }));
}
