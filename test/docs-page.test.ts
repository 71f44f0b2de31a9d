import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, missingBrowser, SCREEN, startBrowser } from './harness/browser.js';
import type { FreshDatabase } from './harness/database.js';
import {
  ADMIN_PASSWORD,
  call,
  environmentOf,
  logIn as tokenOf,
  type Server,
  startServer,
} from './harness/server.js';
import { startedDatabase } from './harness/started.js';

/** Seconds that a page's own thread has worked: how busy the machine is with other things does not count. */
async function workOf(page: Browser['page']): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(one => one.name === 'TaskDuration')?.value ?? NaN;
  };
}

const missing = missingBrowser();
const HEADINGS = [
  'LOGGING IN',
  'DIRECTORY',
  'ESTATE',
  'WORK',
  'VAULT',
  'MEMORY',
  'OPERATIONS',
  'CUSTOM FIELDS',
];
const OUTPUT = join(process.cwd(), 'test-output');

// A build without a browser must not look as if the page had been tried.
if (missing && process.env.CI)
  it('has a browser', () => {
    throw new Error(missing);
  });

(missing ? describe.skip : describe)(`the docs page in a browser${missing ? ` – ${missing}` : ''}`, () => {
  let fresh: FreshDatabase;
  let server: Server;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    mkdirSync(OUTPUT, { recursive: true });
    fresh = await startedDatabase();
    // The built one: what the build makes of the page's own program is tried, too.
    server = await startServer(environmentOf(fresh));
    ({ url } = server);
    browser = await startBrowser();
    await browser.page.goto(`${url}/api/docs`);
    await browser.page.waitForSelector('.opblock-tag-section');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.kill();
    await fresh?.drop();
  });

  const tag = (name: string) => browser.page.locator(`.opblock-tag[data-tag="${name}"]`);

  it('shows the groups, closed, with a sentence about each', async () => {
    await browser.page.screenshot({ path: join(OUTPUT, 'docs-page.png') });
    expect(await browser.page.title()).toBe('Opskeep API');
    expect(await tag('clients').innerText()).toContain('The organisations that we work for');
    expect(await browser.page.locator('h2.tag-group').allInnerTexts()).toEqual(HEADINGS);
    expect(await browser.page.locator('.opblock').count()).toBe(0);
  });

  it('opens a group and shows its operations with their ids', async () => {
    await tag('clients').click();
    const ids = await browser.page.locator('.opblock-summary-operation-id').allInnerTexts();
    expect(ids).toEqual(
      expect.arrayContaining([
        'listClients',
        'createClient',
        'bulkCreateClients',
        'getClient',
        'deleteClient',
      ]),
    );
    await browser.page.screenshot({ path: join(OUTPUT, 'docs-page-clients.png') });
  });

  it('shows an operation with an example to send and the errors', async () => {
    await browser.page.locator('#operations-clients-createClient .opblock-summary').click();
    const operation = browser.page.locator('#operations-clients-createClient');
    await operation.locator('.responses-wrapper').waitFor();
    const text = await operation.innerText();
    expect(text).toContain('Needs the scope msp:admin.');
    expect(text).toContain('The token lacks the scope or the grant');
    expect(await operation.locator('textarea.body-param__text').inputValue()).toContain('"name"');
    await operation.screenshot({ path: join(OUTPUT, 'docs-page-create.png') });
  });

  /** By the page's dialogue, with the keyboard alone. */
  async function logIn(): Promise<void> {
    const { page } = browser;
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialogue = page.locator('.modal-ux');
    await page.locator('#oauth_username:focus').waitFor();
    await page.keyboard.type('admin@localhost');
    await page.keyboard.press('Tab');
    await page.keyboard.type(ADMIN_PASSWORD);
    await page.screenshot({ path: join(OUTPUT, 'docs-page-authorize.png') });
    await dialogue
      .locator('.auth-container', { has: page.locator('#oauth_username') })
      .locator('button.authorize')
      .click();
    await dialogue.getByText('Logout', { exact: true }).waitFor();
    await dialogue.getByRole('button', { name: 'Close' }).first().click();
  }

  it('logs in and creates a client from the page', async () => {
    const { page } = browser;
    await logIn();
    const operation = page.locator('#operations-clients-createClient');
    await operation.locator('textarea.body-param__text').fill('{"name": "CANARY of the page"}');
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table .response-col_status').first().waitFor();
    expect(await operation.locator('.live-responses-table').innerText()).toContain('201');
    const { body } = await call(server, 'GET', '/api/clients', { token: await tokenOf(server) });
    expect(body.items.map(one => one.name)).toEqual(['CANARY of the page']);
    await operation.screenshot({ path: join(OUTPUT, 'docs-page-created.png') });
  });

  it('keeps the password nowhere', async () => {
    const kept = await browser.page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    expect(kept).toBe('[{},{}]');
  });

  it('shows a list within two screens', async () => {
    const { page } = browser;
    await page.goto('about:blank');
    // The list with the most filters.
    await page.goto(`${url}/api/docs#/credentials/listCredentialsByClient`);
    const list = page.locator('#operations-credentials-listCredentialsByClient');
    await list.locator('.responses-wrapper').waitFor();
    expect((await list.boundingBox())?.height).toBeLessThanOrEqual(2 * SCREEN.height);
    await list.screenshot({ path: join(OUTPUT, 'docs-page-list.png') });
  });

  it('shows the operators of a field when asked, sends what was put in, and folds them again', async () => {
    const { page } = browser;
    await logIn();
    const list = page.locator('#operations-clients-listClients');
    await tag('clients').click();
    await list.locator('.opblock-summary').click();
    await list.locator('.responses-wrapper').waitFor();
    const field = list.locator('tr.with-operators:has(> td tr[data-param-name="name"])');
    const beginning = list.locator('tr[data-param-name="name__startswith"]');
    expect(await list.locator('tr[data-param-name*="__"]').count()).toBe(0);
    await field.locator('button.operators[aria-expanded=false]').click();
    await beginning.locator('input').fill('CANARY');
    expect(await list.locator('tr[data-param-name*="__"]').count()).toBe(7);
    const execute = async (asked: RegExp) => {
      const request = page.waitForRequest(asked);
      await list.getByRole('button', { name: 'Execute' }).click();
      return (await request).response();
    };
    expect((await execute(/clients\?.*name__startswith=CANARY/))?.status()).toBe(200);
    await field.locator('button.operators[aria-expanded=true]').click();
    expect(await beginning.count()).toBe(0);
    expect((await execute(/clients\?(?!.*startswith)/))?.status()).toBe(200);
    await field.locator('tr[data-param-name="name"] input').fill('CANARY of the page');
    const { items } = (await (await execute(/name=CANARY/))?.json()) as { items: object[] };
    expect(items).toHaveLength(1);
  });

  it('finds operations by what they are called, where they are and what they do', async () => {
    const { page } = browser;
    const found = async (text: string) => {
      await page.getByRole('searchbox', { name: 'Find operations' }).fill(text);
      return page.locator('.opblock-tag > a span').allInnerTexts();
    };
    expect(await found('rotateCredential')).toEqual(['credentials']);
    expect(await found('/api/firewall-rules/reorder')).toEqual(['firewall rules']);
    expect(await found('refresh token')).toEqual(['auth']);
    expect(await found('Clients')).toContain('clients');
    expect(await found('nothing has this name')).toEqual([]);
  });

  it('takes less than two seconds of work for its operations, and less than one for one of them', async () => {
    const { page } = browser;
    const seconds = await workOf(page);
    await page.goto('about:blank');
    const blank = await seconds();
    await page.goto(`${url}/api/docs#/credentials`);
    await page.locator('#operations-credentials-createCredential').waitFor();
    const shown = await seconds();
    // A page of another site may have a process, and a clock, of its own.
    const took: Record<string, number> = { shown: shown < blank ? shown : shown - blank };
    for (const id of ['listCredentialsByClient', 'createCredential', 'putCredential']) {
      const operation = page.locator(`#operations-credentials-${id}`);
      // As a click; a pointer would wait until nothing moves, for as many frames as a busy machine draws.
      const press = () => operation.locator('.opblock-summary-control').dispatchEvent('click');
      const before = await seconds();
      await press();
      await operation.locator('.responses-wrapper').waitFor();
      took[id] = (await seconds()) - before;
      await press();
    }
    const { shown: all, ...each } = took;
    expect(all).toBeGreaterThan(0.05);
    expect(all).toBeLessThan(2);
    for (const one of Object.values(each)) {
      expect(one).toBeGreaterThan(0.01);
      expect(one).toBeLessThan(1);
    }
  }, 120_000);

  it('opens at the operation that its address names', async () => {
    await browser.page.goto('about:blank');
    await browser.page.goto(`${url}/api/docs#/auth/login`);
    await browser.page.locator('#operations-auth-login textarea.body-param__text').waitFor();
  });

  it('is dark to its edges where the reader prefers that', async () => {
    const { page } = browser;
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto('about:blank');
    await page.goto(`${url}/api/docs`);
    await page.waitForSelector('.opblock-tag-section');
    const colours = await page.evaluate(
      "['body', '.swagger-ui'].map(one => getComputedStyle(document.querySelector(one)).backgroundColor)",
    );
    expect(colours).toEqual(['rgb(28, 32, 34)', 'rgb(28, 32, 34)']);
    await page.screenshot({ path: join(OUTPUT, 'docs-page-dark.png') });
  });

  it('broke nothing and asked nobody else', () => {
    expect(browser.errors).toEqual([]);
    const others = browser.requests.filter(one => !one.startsWith(url) && !/^(data|blob|about):/.test(one));
    expect(others).toEqual([]);
  });
});
