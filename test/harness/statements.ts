import type { TestApp } from '../app.js';
import { currentContext } from '../../src/core/context/request-context.js';
import type { Transaction } from '../../src/core/database/sql.js';

/** `SELECT credentials` of a statement: what it does, and the table that it begins with. */
function shapeOf(text: string): string {
  const [, verb = text] = /^(\w+)/.exec(text) ?? [];
  const [, table] =
    /^(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)/.exec(text) ?? / FROM (\w+)/.exec(withoutInner(text)) ?? [];
  return table ? `${verb} ${table}` : verb;
}

/** Without what stands in brackets, where queries of other tables may be. */
function withoutInner(text: string): string {
  for (let outer = text; ;) {
    const next = outer.replace(/\([^()]*\)/g, '');
    if (next === outer) return outer;
    outer = next;
  }
}

/** The statements that requests to the server make the main database run during `work`, each in one word or two. */
export async function statementsOf(t: TestApp, work: () => Promise<unknown>): Promise<string[]> {
  const { connections } = t.opened.database;
  const made: string[] = [];
  const note = (text: string) => {
    // What is done beside requests (watches, tasks after a pause) has no route.
    if (currentContext()?.route) made.push(text);
  };
  const { reader } = connections;
  const [select, begin, commitOne] = [
    reader.select.bind(reader),
    connections.begin.bind(connections),
    connections.commitOne.bind(connections),
  ];
  const spies = [
    jest.spyOn(reader, 'select').mockImplementation((text, values) => {
      note(shapeOf(text));
      return select(text, values) as never;
    }),
    jest.spyOn(connections, 'commitOne').mockImplementation((text, values, patience) => {
      note(`${shapeOf(text)} COMMIT`);
      return commitOne(text, values, patience);
    }),
    jest.spyOn(connections, 'begin').mockImplementation(async patience => {
      note('BEGIN');
      return noting(await begin(patience), note);
    }),
  ];
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return made;
}

function noting(inner: Transaction, note: (text: string) => void): Transaction {
  return {
    dialect: inner.dialect,
    select: (text, values) => {
      note(shapeOf(text));
      return inner.select(text, values);
    },
    change: (text, values, patience) => {
      note(shapeOf(text));
      return inner.change(text, values, patience);
    },
    commit: () => {
      note('COMMIT');
      return inner.commit();
    },
    rollback: () => inner.rollback(),
  };
}
