import { Site } from '../src/directory/sites/site.entity.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

test('the repositories of TypeORM read what the service wrote', async () => {
  const { id } = await t.make('sites', { name: 'Headquarters' });
  const repository = t.opened.database.dataSource.getRepository(Site);
  expect(await repository.findOneBy({ id })).toMatchObject({ id, name: 'Headquarters', version: 1 });
  expect(await repository.countBy({ name: 'Headquarters' })).toBe(1);
});
