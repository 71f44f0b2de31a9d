import type { SqlValue } from '../../src/core/database/sql.js';
import type { TestApp } from '../app.js';

/**
 * What a request answers while another transaction, which began before it and commits after the request has looked,
 * changes one row. SQLite has one writer: there the request waits, and looks afterwards.
 */
export async function whileTaken<T>(
  t: TestApp,
  text: string,
  values: readonly SqlValue[],
  request: () => Promise<T>,
): Promise<T> {
  const other = await t.opened.database.connections.begin();
  expect(await other.change(text, values)).toBe(1);
  const answer = request();
  await new Promise(resolve => setTimeout(resolve, 300));
  await other.commit();
  return answer;
}
