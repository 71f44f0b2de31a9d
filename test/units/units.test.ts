import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from '../app.js';
import { latch, makeScratch, scratchOf } from '../harness/scratch.js';

let t: TestApp;
let s: ReturnType<typeof scratchOf>;
beforeAll(async () => {
  t = await startApp();
  await makeScratch(t);
  s = scratchOf(t);
});
afterAll(() => t.close());
beforeEach(() => s.forget());

const failure = new Error('a failure in between');

describe('overlapping units', () => {
  it('keep what was acknowledged, and only that, with 50 writers and failures in between', async () => {
    const writers = Array.from({ length: 50 }, async (_, n) => {
      const fails = n % 3 === 0;
      await s.units.run(async () => {
        await s.mark(`first ${n}`);
        await sleep(n % 5);
        await s.add('a');
        if (fails) throw failure;
        await sleep(n % 3);
        await s.mark(`second ${n}`);
      });
      return n;
    });
    const outcomes = await Promise.allSettled(writers);
    const done = outcomes.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
    expect(done).toEqual(Array.from({ length: 50 }, (_, n) => n).filter(n => n % 3 !== 0));
    expect(outcomes.filter(one => one.status === 'rejected').every(one => one.reason === failure)).toBe(true);
    expect(await s.marks()).toEqual(done.flatMap(n => [`first ${n}`, `second ${n}`]).sort());
    expect(await s.counter('a')).toBe(done.length);
  });

  it('do the same over HTTP, with refusals in between', async () => {
    const requests = Array.from({ length: 50 }, (_, n) =>
      t.http('POST', '/api/clients', {
        body: n % 3 === 0 ? { name: 'Taken twice' } : { name: `Writer ${n}` },
      }),
    );
    const answers = await Promise.all(requests);
    const made = answers
      .filter(one => one.status === 201)
      .map(one => one.body.id)
      .sort();
    expect(answers.filter(one => one.status !== 201).every(one => one.status === 409)).toBe(true);
    expect(made).toHaveLength(34);
    expect((await t.sql<{ id: string }>('SELECT id FROM clients ORDER BY id')).map(one => one.id)).toEqual(
      made,
    );
    const entries = await t.sql<{ id: string }>(
      "SELECT resource_id AS id FROM journal WHERE action = 'client.create'",
    );
    expect(entries.map(one => one.id).sort()).toEqual(made);
  });

  it('never show what is not committed, neither to reads nor to other units', async () => {
    const [written, seen] = [latch(), latch()];
    const unit = s.units.run(async () => {
      await s.mark('not yet');
      expect(await s.marksHere()).toEqual(['not yet']);
      written.open();
      await seen.opened;
    });
    await written.opened;
    expect(await s.marks()).toEqual([]);
    expect(await s.marksHere()).toEqual([]);
    seen.open();
    await unit;
    expect(await s.marks()).toEqual(['not yet']);
  });

  it('leave requests that read alone while they hold their locks', async () => {
    const [written, seen] = [latch(), latch()];
    const unit = s.units.run(async () => {
      await s.units.sql.change("UPDATE clients SET notes = 'CANARY not committed'");
      written.open();
      await seen.opened;
      throw failure;
    });
    await written.opened;
    expect((await t.http('GET', '/api/clients')).text).not.toContain('CANARY not committed');
    seen.open();
    await expect(unit).rejects.toBe(failure);
    expect((await t.http('GET', '/api/clients')).text).not.toContain('CANARY not committed');
  });
});

describe('nested runs', () => {
  it('join: the failure of the outer one undoes both', async () => {
    const outer = s.units.run(async () => {
      await s.mark('outer');
      await s.units.run(async () => {
        expect(await s.marksHere()).toEqual(['outer']);
        await s.mark('inner');
      });
      throw failure;
    });
    await expect(outer).rejects.toBe(failure);
    expect(await s.marks()).toEqual([]);
  });

  it('commit once, with the outer one', async () => {
    await s.units.run(async () => {
      await s.units.run(() => s.mark('inner'));
      expect(await s.marks()).toEqual([]);
    });
    expect(await s.marks()).toEqual(['inner']);
  });
});

describe('attempt', () => {
  it('undoes what failed inside, and nothing else', async () => {
    const told: string[] = [];
    await s.units.run(async () => {
      await s.mark('before');
      s.units.afterCommit(() => told.push('before'));
      const inside = s.units.attempt(async () => {
        await s.mark('inside');
        s.units.afterCommit(() => told.push('inside'));
        throw failure;
      });
      await expect(inside).rejects.toBe(failure);
      await s.units.attempt(() => s.mark('kept'));
      await s.mark('after');
    });
    expect(await s.marks()).toEqual(['after', 'before', 'kept']);
    expect(told).toEqual(['before']);
  });

  it('survives a statement that the database refuses', async () => {
    await s.units.run(async () => {
      await s.mark('one');
      await expect(s.units.attempt(() => s.mark('one'))).rejects.toThrow();
      await s.mark('two');
    });
    expect(await s.marks()).toEqual(['one', 'two']);
  });

  it('nests', async () => {
    await s.units.run(async () => {
      const outer = s.units.attempt(async () => {
        await s.mark('outer');
        await s.units.attempt(() => s.mark('inner'));
        await expect(s.units.attempt(() => s.mark('inner'))).rejects.toThrow();
        throw failure;
      });
      await expect(outer).rejects.toBe(failure);
      await s.mark('last');
    });
    expect(await s.marks()).toEqual(['last']);
  });

  it('drops what was gathered inside for the end of the unit', async () => {
    const written: string[] = [];
    const gather = (item: string) =>
      s.units.beforeCommit('test', [item], items => Promise.resolve(void written.push(...items)));
    await s.units.run(async () => {
      gather('before');
      await s.units.attempt(() => Promise.resolve(gather('inside'))).catch(() => undefined);
      const failed = s.units.attempt(() => {
        gather('failed');
        return Promise.reject(failure);
      });
      await expect(failed).rejects.toBe(failure);
    });
    expect(written).toEqual(['before', 'inside']);
  });

  it('costs a savepoint when it changes something, one for many changes at once', async () => {
    const texts: string[] = [];
    const { connections } = t.opened.database;
    const begin = connections.begin.bind(connections);
    const spy = jest.spyOn(connections, 'begin').mockImplementation(async patience => {
      const transaction = await begin(patience);
      const change = transaction.change.bind(transaction);
      transaction.change = (text, ...more) => {
        texts.push(text.split(' ')[0] ?? '');
        return change(text, ...more);
      };
      return transaction;
    });
    await s.units.run(async () => {
      await s.units.attempt(() => s.marksHere());
      await s.units.attempt(() => Promise.all([s.mark('one'), s.mark('two')]));
    });
    spy.mockRestore();
    expect(texts.slice(0, 4)).toEqual(['SAVEPOINT', 'INSERT', 'INSERT', 'RELEASE']);
  });

  it('is a unit where there is none', async () => {
    await s.units.attempt(() => s.mark('alone'));
    expect(await s.marks()).toEqual(['alone']);
  });
});

describe('what waits for the next statement', () => {
  it('is written before it, once, outside of an open savepoint', async () => {
    await s.units.run(async () => {
      s.units.beforeNext(async () => void (await s.mark('waiting')));
      const inside = s.units.attempt(async () => {
        const [one, other] = await Promise.all([s.marksHere(), s.marksHere()]);
        expect([one, other]).toEqual([['waiting'], ['waiting']]);
        await s.mark('inside');
        throw failure;
      });
      await expect(inside).rejects.toBe(failure);
      expect(s.units.changed).toBe(true);
    });
    expect(await s.marks()).toEqual(['waiting']);
  });

  it('waits on for a query that does not name its table', async () => {
    let written = 0;
    await s.units.run(async () => {
      s.units.beforeNext(async () => {
        written += 1;
        await s.mark('waiting');
      }, 'marks');
      await s.units.sql.select('SELECT 1 AS one');
      expect(written).toBe(0);
      expect(await s.marksHere()).toEqual(['waiting']);
    });
    expect(written).toBe(1);
  });

  it('fails who brought it about, when it fails', async () => {
    const failing = s.units.run(async () => {
      s.units.beforeNext(() => Promise.reject(failure));
      await s.marksHere();
    });
    await expect(failing).rejects.toBe(failure);
  });
});

describe('remembered', () => {
  let reads = 0;
  const remember = (answer: string | undefined) =>
    s.units.remembered('marks', 'one', () => {
      reads += 1;
      return Promise.resolve(answer);
    });
  beforeEach(() => (reads = 0));

  it('asks once in a unit for what is there', async () => {
    await s.units.run(async () => {
      for (const answer of [undefined, undefined, 'x', 'y']) await remember(answer);
      expect([await remember('z'), reads]).toEqual(['x', 3]);
    });
    await s.units.run(() => remember('z'));
    expect(reads).toBe(4);
  });

  it.each<[string, boolean, () => Promise<unknown>]>([
    ['a new row of its table', true, () => s.mark('new')],
    ['a new row of another table', false, () => s.units.sql.change("INSERT INTO counters (id, n) VALUES ('d', 0)")],
    ['a change of any row', true, () => s.add('a')],
    ['a deletion of any row', true, () => s.units.sql.change("DELETE FROM counters WHERE id = 'd'")],
    ['a rollback', true, async () => {
      const failed = s.units.attempt(async () => {
        await s.units.sql.change("INSERT INTO counters (id, n) VALUES ('e', 0)");
        throw failure;
      });
      await expect(failed).rejects.toBe(failure);
    }],
  ])('after %s, asks again: %s', async (_what, again, work) => {
    await s.units.run(async () => {
      await remember('before');
      await work();
      expect(await remember('after')).toBe(again ? 'after' : 'before');
    });
  }); // prettier-ignore
});

describe('afterCommit', () => {
  it('runs when everybody can see the change, outside of the unit', async () => {
    let seen: Promise<string[]> | undefined;
    let active: boolean | undefined;
    await s.units.run(async () => {
      await s.mark('one');
      s.units.afterCommit(() => {
        active = s.units.active;
        seen = s.marks();
      });
      await s.mark('two');
      expect(seen).toBeUndefined();
    });
    expect(await seen).toEqual(['one', 'two']);
    expect(active).toBe(false);
  });

  it('does not run after a rollback', async () => {
    const told: string[] = [];
    const unit = s.units.run(async () => {
      await s.mark('one');
      s.units.afterCommit(() => told.push('told'));
      throw failure;
    });
    await expect(unit).rejects.toBe(failure);
    await sleep(20);
    expect(told).toEqual([]);
  });

  it('undoes nothing with a fault, and hides it from the others', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const told: string[] = [];
    let runs = 0;
    await s.units.run(async () => {
      runs++;
      await s.mark('one');
      s.units.afterCommit(() => {
        throw failure;
      });
      s.units.afterCommit(() => told.push('told'));
    });
    expect({ runs, told, marks: await s.marks() }).toEqual({ runs: 1, told: ['told'], marks: ['one'] });
    expect(warned).toHaveBeenCalledWith(failure);
    warned.mockRestore();
  });
});

describe('a unit', () => {
  it('is needed for every change', async () => {
    expect(() => s.mark('none')).toThrow(/needs a unit of work/);
    expect(() => s.units.beforeCommit('test', ['x'], () => Promise.resolve())).toThrow(
      /needs a unit of work/,
    );
    expect(await s.marks()).toEqual([]);
  });

  it('refuses statements that come after its end', async () => {
    let late: Promise<unknown> | undefined;
    await s.units.run(async () => {
      await s.mark('one');
      late = sleep(20).then(() => s.mark('late'));
    });
    await expect(late).rejects.toThrow(/not awaited/);
    expect(await s.marks()).toEqual(['one']);
  });

  it('begins no transaction when it only thinks', async () => {
    const begun = jest.spyOn(t.opened.database.connections, 'begin');
    await s.units.run(() => sleep(1));
    expect(begun).not.toHaveBeenCalled();
    begun.mockRestore();
  });

  it('lets what is done outside of it stand, whatever becomes of it', async () => {
    const unit = s.units.run(async () => {
      await s.units.outside(() => s.units.run(() => s.mark('outside')));
      await s.mark('inside');
      throw failure;
    });
    await expect(unit).rejects.toBe(failure);
    expect(await s.marks()).toEqual(['outside']);
  });
});
