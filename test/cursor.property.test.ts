import type BetterSqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterCursor, type Cursor, decodeCursor, encodeCursor } from '../src/core/resource/lists/cursor.js';
import type { FieldSpec } from '../src/core/table/field-spec.js';
import type { SortKey } from '../src/core/resource/lists/query-parts.js';
import { likePattern } from '../src/core/resource/lists/search.js';
import { openSqlite } from '../src/formats/sqlite-driver.js';
import { prepareSqlite } from '../src/core/database/sqlite-connections.js';

const field = (name: string, kind: FieldSpec['column']['kind'], nullable = true) =>
  ({ name, nullable, index: true, validators: [], api: {}, column: { kind } }) as FieldSpec;

const FIELDS = [field('whole', 'whole'), field('text', 'text'), field('amount', 'decimal')];
const ID = field('id', 'uuid', false);

const rows = fc.array(
  fc.record({
    whole: fc.option(fc.integer({ min: -2, max: 12 })),
    text: fc.option(fc.constantFrom('', 'a', 'A', 'ä', 'ab', '😀', '%')),
    amount: fc.option(fc.constantFrom('9.50', '10.00', '100.00', '0.00')),
  }),
  { maxLength: 25 },
);
const orders = fc
  .shuffledSubarray(FIELDS)
  .chain(fields =>
    fc.tuple(
      ...[...fields, ID].map(one => fc.boolean().map((descending): SortKey => ({ field: one, descending }))),
    ),
  );
const uuid = (n: number) => `01981f5e-6f43-7bd1-b4a5-${String(n).padStart(12, '0')}`;

describe('cursors', () => {
  let database: BetterSqlite.Database;
  beforeAll(() => {
    database = openSqlite(':memory:');
    prepareSqlite(database);
    database.exec(
      'CREATE TABLE t (id text PRIMARY KEY, whole integer, text varchar(10), amount varchar(14))',
    );
  });
  afterAll(() => database.close());

  it('lead through every row once, in the order of the whole list, whatever is null', () => {
    fc.assert(
      fc.property(rows, orders, fc.integer({ min: 1, max: 4 }), (given, sort, limit) => {
        database.exec('DELETE FROM t');
        const insert = database.prepare('INSERT INTO t (id, whole, text, amount) VALUES (?, ?, ?, ?)');
        given.forEach((row, n) => insert.run(uuid(n), row.whole, row.text, row.amount));
        const column = ({ name, column: { kind } }: FieldSpec) =>
          kind === 'decimal' ? `CAST(t.${name} AS REAL)` : `t.${name}`;
        const order = sort.map(key => `${column(key.field)}${key.descending ? ' DESC' : ''}`).join(', ');
        type Row = Record<string, string | number | null>;
        const whole = database.prepare(`SELECT * FROM t ORDER BY ${order}`).all() as Row[];
        const seen: Row[] = [];
        for (let cursor: Cursor | undefined; ;) {
          const everything = [{ sql: '1 = 1', values: [] }];
          const stretches = cursor ? afterCursor(sort, cursor, 't', 'sqlite') : everything;
          const page = stretches
            .flatMap(
              ({ sql, values }) =>
                database.prepare(`SELECT * FROM t WHERE ${sql} ORDER BY ${order}`).all(...values) as Row[],
            )
            .slice(0, limit);
          if (page.length === 0) break;
          seen.push(...page);
          expect(seen.length).toBeLessThanOrEqual(whole.length);
          const next = encodeCursor(sort, sort.map(key => page.at(-1)?.[key.field.name] ?? null)); // prettier-ignore
          cursor = decodeCursor(next, sort);
          expect(cursor).toBeDefined();
        }
        expect(seen).toEqual(whole);
      }),
    );
  });

  it('of another order are refused', () => {
    fc.assert(
      fc.property(orders, orders, (one, other) => {
        const key = (sort: SortKey[]) =>
          sort.map(({ field: { name }, descending }) => `${descending ? '-' : ''}${name}`).join();
        fc.pre(key(one) !== key(other));
        const text = encodeCursor(one, one.map(({ field: { name } }) => (name === 'id' ? uuid(1) : null))); // prettier-ignore
        expect(decodeCursor(text, one)).toBeDefined();
        expect(decodeCursor(text, other)).toBeUndefined();
      }),
    );
  });

  it('of other types are refused', () => {
    const sort = [{ field: ID, descending: true }];
    fc.assert(
      fc.property(fc.json(), json => {
        const text = Buffer.from(`["-id",${json}]`).toString('base64url');
        expect(decodeCursor(text, sort)).toBeUndefined();
      }),
    );
  });

  it('that are no cursors are refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()),
        text => decodeCursor(text, [{ field: ID, descending: true }]) === undefined,
      ),
    );
  });

  it('search patterns find what contains the text, and nothing else', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'B', '%', '_', '!', 'ä', 'Ω', '😀', "'"),
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(part, fc.array(part, { maxLength: 4 }), (needle, parts) => {
        const text = parts.join('');
        const row = database
          .prepare("SELECT ? LIKE ? ESCAPE '!' AS found")
          .get(text.toLowerCase(), likePattern(needle));
        expect(row).toEqual({ found: Number(text.toLowerCase().includes(needle.toLowerCase())) });
      }),
    );
  });
});
