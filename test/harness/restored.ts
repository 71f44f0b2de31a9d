import type { SqlValue } from '../../src/core/database/sql.js';
import type { TestApp } from '../app.js';

interface Sealed {
  id: string;
  sealed: string;
  fingerprint: string | null;
}

/** Sealed secrets of a client as they stood, put back past the application, as a restored backup has them. */
export const restored = {
  take: (t: TestApp, client_id: string) =>
    t.sql<Sealed>(
      'SELECT s.id, s.sealed, s.fingerprint FROM credential_secrets s JOIN credentials c ON c.id = s.credential_id WHERE c.client_id = ?',
      [client_id],
    ),
  put: async (t: TestApp, rows: Sealed[]): Promise<void> => {
    for (const { id, sealed, fingerprint } of rows) {
      const values: SqlValue[] = [sealed, fingerprint, id];
      await t.change('UPDATE credential_secrets SET sealed = ?, fingerprint = ? WHERE id = ?', values);
    }
  },
};
