import { isFilterable, operatorsOf } from '../../src/core/resource/lists/filters.js';
import type { FieldSpec } from '../../src/core/table/field-spec.js';
import { startApp, type RequestOptions, type Shown, type TestApp } from '../app.js';
import { allRows, RESOURCES, shownFields } from '../harness/all-resources.js';
import { fits, sorted } from '../harness/oracle.js';
import { scatter } from '../harness/scatter.js';
import { statementsOf } from '../harness/statements.js';

const ROWS = 7;
let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const ids = (rows: Shown[]) => rows.map(one => one.id);
const sortedIds = (rows: Shown[]) => ids(rows).sort();

const kindOf = ({ column, choices, nullable, reference }: FieldSpec) =>
  [column.kind, choices !== undefined, nullable, reference !== undefined].join();

/** What the operators and the order of a kind of field do, the first one shows; of the others, that they are asked. */
const FIRST_OF_KIND = new Set(
  new Map(
    RESOURCES.flatMap(([, spec]) => spec.fields.filter(isFilterable))
      .toReversed()
      .map(one => [kindOf(one), one]),
  ).values(),
);

describe.each(RESOURCES)('GET /api/%s', (path, spec) => {
  const filterable = spec.fields.filter(isFilterable);
  const any: Record<string, string> = spec.archivable ? { archived: 'any' } : {};
  let rows: Shown[];

  beforeAll(async () => {
    const made: string[] = [];
    for (let n = 0; n < ROWS; n++) made.push((await t.make(path)).id);
    await scatter(t, spec, made);
    rows = await allRows(t, spec);
    expect(ids(rows)).toEqual(expect.arrayContaining(made));
  });

  const get = (query: RequestOptions['query']) =>
    t.http('GET', `/api/${path}`, { query: { ...any, ...query } });
  /** The rows of one page that is large enough for all. */
  const found = async (query: RequestOptions['query']) => {
    const { status, body, text } = await get({ limit: 1000, ...query });
    if (status !== 200) throw new Error(`${JSON.stringify(query)}: ${status} ${text}`);
    return body.items;
  };

  it('answers with a page, newest rows first', async () => {
    const { status, body } = await get({});
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(['items', 'limit', 'next', 'skip', 'total']);
    expect(body).toMatchObject({ total: rows.length, skip: 0, limit: 100, next: null });
    expect(ids(body.items)).toEqual(ids(rows).reverse());
  });

  it('shows every declared field and nothing else', async () => {
    const [row] = (await get({ limit: 1 })).body.items;
    const names = [...shownFields(spec), ...(spec.taggable ? ['tags'] : [])];
    for (const name of Object.keys(row ?? {})) expect(names).toContain(name);
    for (const { name, writeOnly } of spec.fields) if (!writeOnly) expect(row).toHaveProperty(name);
  });

  it('orders by every filterable field, and pages by cursor through each row once', async () => {
    for (const field of filterable) {
      // Three pages or four, whose borders lie within equal values.
      const paged = FIRST_OF_KIND.has(field) || ['id', 'client_id', 'created_at'].includes(field.name);
      const limit = paged ? Math.max(2, Math.ceil(rows.length / 4)) : 1000;
      for (const descending of paged ? [false, true] : [true]) {
        const sort = `${descending ? '-' : ''}${field.name}`;
        const seen: string[] = [];
        for (let cursor: string | null | undefined; cursor !== null;) {
          const { status, body } = await get({ sort, limit, ...(cursor ? { cursor } : {}) });
          expect({ sort, status }).toEqual({ sort, status: 200 });
          expect(body.total).toBe(cursor ? null : rows.length);
          seen.push(...ids(body.items));
          cursor = body.next;
        }
        expect({ sort, seen }).toEqual({ sort, seen: ids(sorted(field, descending, rows)) });
      }
    }
  });

  it('pages by skip', async () => {
    const seen: string[] = [];
    for (let skip = 0; skip < rows.length + 3; skip += 3) {
      const { body } = await get({ skip, limit: 3 });
      expect(body).toMatchObject({ skip, limit: 3, total: rows.length });
      seen.push(...ids(body.items));
    }
    expect(seen).toEqual(ids(rows).reverse());
  });

  it('filters by every field, with every operator that its kind claims', async () => {
    for (const field of filterable)
      for (const [operator, values] of questions(field, rows).slice(
        0,
        FIRST_OF_KIND.has(field) ? Infinity : 3,
      )) {
        const parameter = operator ? `${field.name}__${operator}` : field.name;
        const value = operator === 'in' ? values.join(',') : values;
        const expected = rows.filter(row => fits(field, operator, row[field.name], values));
        const items = await found({ [parameter]: value });
        expect({ parameter, value, ids: sortedIds(items) }).toEqual({
          parameter,
          value,
          ids: sortedIds(expected),
        });
      }
  });

  it('refuses what a field does not claim, and values of another type', async () => {
    const wrong: [string, string][] = filterable.flatMap(field => [
      ...(FIRST_OF_KIND.has(field)
        ? ([
            [`${field.name}__like`, 'x'],
            [`${field.name}__gt__lt`, 'x'],
          ] as [string, string][])
        : []),
      ...(['text', 'long'].includes(field.column.kind) && !field.choices
        ? []
        : ([[field.name, 'no such value']] as [string, string][])),
    ]);
    const unfilterable = spec.fields
      .filter(one => !isFilterable(one))
      .map(({ name }): [string, string] => [name, 'x']);
    for (const [name, value] of [...wrong, ...unfilterable, ['no_such_field', 'x'], ['password', 'x']] as [
      string,
      string,
    ][]) {
      if (name === 'archived') continue;
      const { status, body } = await get({ [name]: value });
      expect({ name, status }).toEqual({ name, status: 422 });
      expect(body.details.errors.map(one => one.field)).toContain(name);
      if (value !== 'x') expect(JSON.stringify(body)).not.toContain(value);
    }
  });

  it('refuses faults of paging and order, naming the parameter', async () => {
    const { body } = await get({ limit: 1 });
    const cursor = body.next ?? '';
    const wrong: [string, RequestOptions['query']][] = [
      ['limit', { limit: 0 }],
      ['limit', { limit: 1001 }],
      ['limit', { limit: 'many' }],
      ['skip', { skip: -1 }],
      ['skip', { skip: 0, cursor }],
      ['cursor', { cursor: 'x' }],
      ['cursor', { cursor, sort: 'id' }],
      ['sort', { sort: 'no_such_field' }],
      ['count', { count: 'all' }],
      ['fields', { fields: 'no_such_field' }],
      ['omit', { omit: 'no_such_field' }],
      ['limit', { limit: [1, 2] }],
    ];
    for (const [name, query] of wrong) {
      const answer = await get(query);
      expect({ query, status: answer.status }).toEqual({ query, status: 422 });
      expect(answer.body.details.errors.map(one => one.field)).toContain(name);
    }
  });

  it('chooses columns', async () => {
    const extra = spec.taggable ? ['tags'] : [];
    const [few] = await found({ fields: 'created_at' });
    expect(
      Object.keys(few ?? {})
        .filter(name => !extra.includes(name))
        .sort(),
    ).toEqual(expect.arrayContaining(['created_at', 'id']));
    expect(few).not.toHaveProperty('updated_at');
    const [most] = await found({ omit: 'created_at,updated_at' });
    expect(most).not.toHaveProperty('created_at');
    expect(most).toHaveProperty('version');
  });

  it('searches text, whatever the case, and takes % and _ as they are', async () => {
    const searched = spec.fields.filter(one => one.search && !one.writeOnly);
    if (searched.length === 0) {
      expect((await get({ q: 'x' })).status).toBe(422);
      return;
    }
    const texts = [...new Set(rows.flatMap(row => searched.map(({ name }) => row[name])))].filter(
      text => typeof text === 'string' && text !== '',
    ) as string[];
    for (const text of [...texts.slice(0, 3), '%', '_', 'no such text']) {
      const needle = text.slice(0, 100).trim();
      const expected = rows.filter(row =>
        searched.some(({ name }) =>
          String(row[name] ?? '')
            .toLowerCase()
            .includes(needle.toLowerCase()),
        ),
      );
      expect({ needle, ids: sortedIds(await found({ q: needle.toUpperCase() })) }).toEqual({
        needle,
        ids: sortedIds(expected),
      });
    }
  });

  it('counts', async () => {
    expect((await get({ count: 'exact', limit: 1 })).body.total).toBe(rows.length);
    const first = await get({ limit: 2 });
    const next = await get({ limit: 2, cursor: first.body.next ?? '', count: 'exact' });
    expect(next.body.total).toBe(rows.length);
    expect((await get({ skip: 1000 })).body).toMatchObject({ items: [], total: rows.length });
  });

  it('leaves archived rows out unless asked', async () => {
    if (!spec.archivable) {
      expect((await t.http('GET', `/api/${path}`, { query: { archived: 'any' } })).status).toBe(422);
      return;
    }
    const archived = (row: Shown) => row.archived_at !== null;
    expect(rows.some(archived)).toBe(true);
    const plain = (await t.http('GET', `/api/${path}`)).body.items;
    expect(sortedIds(plain)).toEqual(sortedIds(rows.filter(row => !archived(row))));
    expect(sortedIds(await found({ archived: 'true' }))).toEqual(sortedIds(rows.filter(archived)));
    expect((await get({ archived: 'perhaps' })).status).toBe(422);
  });

  it('costs the same number of queries, whatever the size of the page', async () => {
    const costOf = async (limit: number) => (await statementsOf(t, () => get({ limit }))).length;
    // More rows than these are read in parts.
    const [small, large] = [await costOf(2), await costOf(Math.min(rows.length - 1, 30))];
    expect(large).toBe(small);
  });
});

/** Questions to ask of a field, with values of its rows. */
function questions(
  field: FieldSpec,
  rows: Shown[],
): [ReturnType<typeof operatorsOf>[number] | undefined, string[]][] {
  const known = [...new Set(rows.map(row => row[field.name]))].filter(value => value !== null).map(String);
  const [one, other = one] = known.filter(text => !text.includes(','));
  if (one === undefined || other === undefined)
    return [
      ['isnull', ['true']],
      ['isnull', ['false']],
    ];
  return [
    [undefined, [one]],
    [undefined, [one, other]],
    ...operatorsOf(field).flatMap((operator): [typeof operator, string[]][] => {
      if (operator === 'isnull')
        return [
          ['isnull', ['true']],
          ['isnull', ['false']],
        ];
      if (operator === 'startswith') return [['startswith', [[...one].slice(0, 2).join('')]]];
      return operator === 'in' || operator === 'ne'
        ? [[operator, [one, other]]]
        : [
            [operator, [one]],
            [operator, [other]],
          ];
    }),
  ];
}
