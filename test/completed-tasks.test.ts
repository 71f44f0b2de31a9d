import { startApp, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const turn = (id: string, status: string) => t.http('PATCH', `/api/tasks/${id}`, { body: { status } });

describe('a promise that became a task', () => {
  test('is kept when the task is completed, and open again with it', async () => {
    const { id } = await t.make('pending-tasks');
    const task = (await t.http('POST', `/api/pending-tasks/${id}/start-work`)).body;
    const promise = async () => (await t.http('GET', `/api/pending-tasks/${id}`)).body;
    expect(await promise()).toMatchObject({ status: 'in_progress', task_id: task.id });
    const done = (await turn(task.id, 'completed')).body;
    expect(await promise()).toMatchObject({
      status: 'completed',
      completed_at: done.completed_at,
      version: 3,
    });
    expect((await turn(task.id, 'in_progress')).status).toBe(200);
    expect(await promise()).toMatchObject({ status: 'in_progress', completed_at: null });
    const actions = (await entriesOf(t, id)).map(one => one.action);
    expect(actions.slice(-2)).toEqual(['pending_task.update', 'pending_task.update']);
    await t.http('PATCH', `/api/pending-tasks/${id}`, { body: { status: 'cancelled' } });
    await turn(task.id, 'completed');
    expect((await promise()).status).toBe('cancelled');
  });
});

describe('a task with parts', () => {
  test('is completed after them, and they are reopened after it', async () => {
    const parent = await t.make('tasks');
    const [one, two] = [
      await t.make('tasks', { parent_task_id: parent.id, client_id: parent.client_id }),
      await t.make('tasks', { parent_task_id: parent.id, client_id: parent.client_id }),
    ];
    expect((await turn(parent.id, 'completed')).status).toBe(409);
    await turn(one.id, 'completed');
    const refused = await turn(parent.id, 'completed');
    expect([refused.status, refused.body.details.field]).toEqual([409, 'status']);
    await turn(two.id, 'cancelled');
    expect((await turn(parent.id, 'completed')).status).toBe(200);
    const reopened = await turn(one.id, 'in_progress');
    expect([reopened.status, reopened.body.details.field]).toEqual([409, 'parent_task_id']);
    const late = { title: 'Late', parent_task_id: parent.id };
    expect((await t.http('POST', '/api/tasks', { body: late })).status).toBe(409);
    expect((await t.http('POST', '/api/tasks', { body: { ...late, status: 'completed' } })).status).toBe(201);
    await turn(parent.id, 'in_progress');
    expect((await turn(one.id, 'in_progress')).status).toBe(200);
  });

  test('is not completed while a part is added', async () => {
    for (let round = 0; round < 8; round++) {
      const { id } = await t.make('tasks');
      const body = { title: 'Part', parent_task_id: id };
      const [added, done] = await Promise.all([
        t.http('POST', '/api/tasks', { body }),
        turn(id, 'completed'),
      ]);
      expect([added.status, done.status].sort()).toEqual(added.status === 201 ? [201, 409] : [200, 409]);
    }
  });
});

describe('a task that waits for others', () => {
  const waiting = async () => {
    const [task, other] = [
      await t.make('tasks', { client_id: null }),
      await t.make('tasks', { client_id: null }),
    ];
    const path = `/api/tasks/${task.id}/dependencies/${other.id}`;
    expect((await t.http('PUT', path)).status).toBe(204);
    return [task.id, other.id] as const;
  };

  test('is reopened before them', async () => {
    const [id, other] = await waiting();
    for (const one of [other, id]) expect((await turn(one, 'completed')).status).toBe(200);
    for (const status of ['pending', 'in_progress']) {
      const { status: code, body } = await turn(other, status);
      expect([code, body.details.field, body.details.resource_id]).toEqual([409, 'status', other]);
    }
    expect((await turn(other, 'cancelled')).status).toBe(200);
    expect((await turn(other, 'pending')).status).toBe(409);
    for (const one of [id, other]) expect((await turn(one, 'pending')).status).toBe(200);
  });

  test('is not completed while one of them is reopened', async () => {
    for (let round = 0; round < 8; round++) {
      const [id, other] = await waiting();
      await turn(other, 'completed');
      const answers = await Promise.all([turn(id, 'completed'), turn(other, 'pending')]);
      expect(answers.map(one => one.status).sort()).toEqual([200, 409]);
    }
  });
});
