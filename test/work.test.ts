import { repositoryKey } from '../src/work/projects/repository-key.js';
import { freeSlug, slugOf } from '../src/work/projects/slug.js';
import { startApp, type TestApp } from './app.js';
import { mainThreadTime } from './harness/thread-time.js';
import { leastOfTries } from './harness/tries.js';

describe('repositoryKey', () => {
  it.each([
    'git@git.example.com:msp/tool.git',
    'git.example.com:msp/tool',
    'ssh://git@git.example.com/msp/tool.git',
    'ssh://git@git.example.com:2222/msp/tool',
    'git+ssh://git@git.example.com/msp/tool',
    'https://git.example.com/msp/tool',
    'https://git.example.com/msp/tool/',
    'https://git.example.com/msp/tool.git/',
    'https://someone@git.example.com/msp/tool.git',
    'https://someone:token@git.example.com:8443/msp/tool.git',
    'http://GIT.example.com/MSP/Tool.git',
    'git://git.example.com//msp/tool.git',
    'git.example.com/msp/tool',
    ' https://git.example.com/msp/tool.git \n',
  ])('%s', url => expect(repositoryKey(url)).toBe('git.example.com/msp/tool'));

  it.each([
    '',
    'tool',
    '/srv/git/tool.git',
    './tool',
    'https://git.example.com',
    'https://git.example.com/',
    'git@git.example.com:',
    'https://git.example.com/msp/tool\nhttps://git.example.com/msp/other',
  ])('is none for %j', url => expect(repositoryKey(url)).toBeUndefined());

  it('tells hosts, owners and names apart', () => {
    const urls = ['git@a.test:x/y', 'git@b.test:x/y', 'git@a.test:z/y', 'git@a.test:x/z', 'git@a.test:x/y/z'];
    expect(new Set(urls.map(repositoryKey)).size).toBe(urls.length);
  });

  it('takes time in proportion to the length', async () => {
    const slashes = '/'.repeat(100_000);
    const urls = [`x://a${slashes}\nb`, `x://a/b${slashes}c`, `x://a/b${slashes}.git`, 'a.'.repeat(50_000)];
    const took = await leastOfTries(500, () => {
      const start = mainThreadTime();
      urls.forEach(repositoryKey);
      return mainThreadTime() - start;
    });
    expect(took).toBeLessThan(500);
  });
});

describe('slugs', () => {
  it.each([
    ['Straße & Söhne 2.0', 'strasse-sohne-2-0'],
    ['  Already-a-slug ', 'already-a-slug'],
    ['プロジェクト', 'project'],
    ['x'.repeat(200), 'x'.repeat(80)],
  ])('%s → %s', (name, slug) => expect(slugOf(name)).toBe(slug));

  it('take the lowest free number', () => {
    expect(freeSlug('a', new Set(['b']))).toBe('a');
    expect(freeSlug('a', new Set(['a', 'a-2', 'a-4']))).toBe('a-3');
  });
});

describe('projects', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const post = async (given: object) =>
    t.http('POST', '/api/projects', { body: await t.body('projects', { ...given }) });

  it('get a slug from their name, made unique', async () => {
    const slugs = [];
    for (let n = 0; n < 3; n++) slugs.push((await t.make('projects', { name: 'New Website' })).slug);
    expect(slugs).toEqual(['new-website', 'new-website-2', 'new-website-3']);
    expect((await t.make('projects', { name: 'New' })).slug).toBe('new');
  });

  it('get slugs of their own when many come at once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => t.make('projects', { name: 'At once' })));
    expect(made.map(one => one.slug).sort()).toEqual([
      'at-once',
      'at-once-2',
      'at-once-3',
      'at-once-4',
      'at-once-5',
    ]);
  });

  it('keep a slug that was given, and refuse one that is taken or none', async () => {
    const row = await t.make('projects', { slug: 'given' });
    expect(row.slug).toBe('given');
    const taken = await post({ slug: 'given' });
    expect([taken.status, taken.body.details.field]).toEqual([409, 'slug']);
    for (const slug of ['', 'With Space', '-a', 'a--b', null])
      expect((await post({ slug })).status).toBe(422);
    const renamed = await t.http('PATCH', `/api/projects/${row.id}`, { body: { name: 'Other' } });
    expect(renamed.body.slug).toBe('given');
  });

  it('are found by their repository in whichever form, and follow its change', async () => {
    const row = await t.make('projects', { repository_url: 'git@git.example.com:msp/found.git' });
    const found = async (url: string, token?: string) => {
      const answer = await t.http('GET', '/api/projects/by-repository', { query: { url }, token });
      expect(answer.status).toBe(200);
      return answer.body.items.map(one => one.id);
    };
    for (const url of [
      'https://git.example.com/msp/found',
      'ssh://someone@git.example.com:22/msp/found.git/',
    ])
      expect(await found(url)).toEqual([row.id]);
    expect(await found('https://git.example.com/msp/other')).toEqual([]);
    const stranger = await t.user({ client_access: 'only', client_ids: [(await t.make('clients')).id] });
    expect(await found('https://git.example.com/msp/found', stranger.token)).toEqual([]);
    const body = { repository_url: 'https://git.example.com/msp/moved' };
    const moved = await t.http('PATCH', `/api/projects/${row.id}`, { body });
    expect(moved.body).not.toHaveProperty('repository_key');
    expect(await found('git@git.example.com:msp/found')).toEqual([]);
    expect(await found('git@git.example.com:msp/moved')).toEqual([row.id]);
    await t.http('PATCH', `/api/projects/${row.id}`, { body: { repository_url: null } });
    expect(await found('git@git.example.com:msp/moved')).toEqual([]);
  });

  it('need a remote to be looked for, and take the parameters of the list', async () => {
    const status = async (query: string) =>
      (await t.http('GET', `/api/projects/by-repository${query}`)).status;
    expect(await status('')).toBe(422);
    expect(await status('?url=tool')).toBe(422);
    expect(await status('?url=a.test/b&url=a.test/c')).toBe(422);
    expect(await status('?url=a.test/b&status=working&limit=1')).toBe(200);
    expect(await status('?url=a.test/b&nothing=1')).toBe(422);
  });

  it('hold no password of a repository', async () => {
    const answer = await post({ repository_url: 'https://someone:CANARY-token@git.example.com/msp/tool' });
    expect([answer.status, answer.body.details.field]).toEqual([422, 'repository_url']);
    expect(answer.text).not.toContain('CANARY-token');
    expect((await post({ repository_url: 'https://someone@git.example.com/msp/tool' })).status).toBe(201);
  });

  it('keep their client from being deleted', async () => {
    const client_id = (await t.make('clients')).id;
    const row = await t.make('projects', { client_id, estimated_hours: '12.5' });
    expect(row).toMatchObject({ status: 'working', priority: 'medium', estimated_hours: '12.50' });
    const refused = await t.http('DELETE', `/api/clients/${client_id}`);
    expect([refused.status, refused.body.details.left_behind]).toEqual([409, ['projects']]);
    expect((await t.http('GET', `/api/projects/${row.id}`)).body.client_id).toBe(client_id);
  });
});
