import { schemaDrift } from '../src/core/database/migrate.js';
import { startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

test.each(['database', 'keystore'] as const)(
  'the %s is what entities and migrations declare alike',
  async which => {
    expect(await schemaDrift(t.opened[which])).toEqual([]);
  },
);
