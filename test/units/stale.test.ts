import { systemActor } from '../../src/core/context/actor.js';
import { Units } from '../../src/core/database/units.js';
import { StaleRowError } from '../../src/core/context/errors.js';
import { runAs } from '../../src/core/context/request-context.js';
import { ClientsService } from '../../src/directory/clients/clients.service.js';
import { startApp, type TestApp } from '../app.js';
import { testDatabase } from '../harness/database.js';

let t: TestApp;
let clients: ClientsService;
let units: Units;
beforeAll(async () => {
  t = await startApp();
  clients = t.app.get(ClientsService, { strict: false });
  units = t.app.get(Units);
});
afterAll(() => t.close());

const asSystem = <T>(work: () => Promise<T>) => runAs(systemActor('test'), work);
const read = async (id: string) => (await t.http('GET', `/api/clients/${id}`)).body;

it('a stale copy never overwrites', async () => {
  const { id } = await t.make('clients');
  const copy = await asSystem(() => clients.find(id));
  await t.http('PATCH', `/api/clients/${id}`, { body: { notes: 'newer' } });
  let runs = 0;
  const write = asSystem(() =>
    units.run(() => {
      runs++;
      return clients.write(copy, { ...copy, notes: 'older', version: copy.version + 1 });
    }),
  );
  await expect(write).rejects.toBeInstanceOf(StaleRowError);
  expect(runs).toBe(6);
  expect(await read(id)).toMatchObject({ notes: 'newer', version: 2 });
});

it('a copy that became stale is read anew, and the change made again', async () => {
  if (testDatabase() === 'sqlite') return; // There nobody else writes while a unit runs.
  const { id } = await t.make('clients');
  let runs = 0;
  await asSystem(() =>
    units.run(async () => {
      const before = await clients.find(id);
      if (++runs === 1) {
        // A request without a socket would join the unit of its caller.
        const patched = () => t.http('PATCH', `/api/clients/${id}`, { body: { phone: '1' } });
        expect(await units.outside(patched)).toMatchObject({ status: 200 });
      }
      await clients.write(before, { ...before, notes: 'mine', version: before.version + 1 });
    }),
  );
  expect(runs).toBe(2);
  expect(await read(id)).toMatchObject({ phone: '1', notes: 'mine', version: 3 });
});

it('twenty changes of one row at once all stand, in some order', async () => {
  const { id } = await t.make('clients');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      t.http('PATCH', `/api/clients/${id}`, { body: { external_refs: { n: String(n) } } }),
    ),
  );
  const made = answers.filter(one => one.status === 200);
  expect(answers.filter(one => one.status !== 200).map(one => one.status)).toEqual([]);
  expect(made.map(one => one.body.version).sort((a, b) => a - b)).toEqual(made.map((_, n) => n + 2));
  expect((await read(id)).version).toBe(made.length + 1);
});
