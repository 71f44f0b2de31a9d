import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type TestApp } from './app.js';
import { type Browser, missingBrowser, startBrowser } from './harness/browser.js';

const missing = missingBrowser();
const HEADINGS = ['LOGGING IN', 'DIRECTORY', 'ESTATE', 'WORK', 'VAULT', 'OPERATIONS'];
const SCREEN = 1000;
const OUTPUT = join(process.cwd(), 'test-output');

// A build without a browser must not look as if the page had been tried.
if (missing && process.env.CI)
  it('has a browser', () => {
    throw new Error(missing);
  });

(missing ? describe.skip : describe)(`the docs page in a browser${missing ? ` – ${missing}` : ''}`, () => {
  let t: TestApp;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    mkdirSync(OUTPUT, { recursive: true });
    t = await startApp();
    url = await t.listen();
    browser = await startBrowser();
    await browser.page.goto(`${url}/api/docs`);
    await browser.page.waitForSelector('.opblock-tag-section');
  });
  afterAll(async () => {
    await browser?.close();
    await t?.close();
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

  it('logs in and creates a client from the page', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const form = page.locator('.modal-ux .auth-container', { has: page.locator('#oauth_username') });
    await form.locator('#oauth_username').fill(t.admin.email);
    await form.locator('#oauth_password').fill(t.admin.password);
    await page.screenshot({ path: join(OUTPUT, 'docs-page-authorize.png') });
    await form.locator('button.authorize').click();
    await page.locator('.modal-ux').getByText('Logout', { exact: true }).waitFor();
    await page.locator('.modal-ux').getByRole('button', { name: 'Close' }).first().click();
    const operation = page.locator('#operations-clients-createClient');
    await operation.locator('textarea.body-param__text').fill('{"name": "CANARY of the page"}');
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table .response-col_status').first().waitFor();
    expect(await operation.locator('.live-responses-table').innerText()).toContain('201');
    expect(await t.sql('SELECT name FROM clients')).toEqual([{ name: 'CANARY of the page' }]);
    await operation.screenshot({ path: join(OUTPUT, 'docs-page-created.png') });
  });

  it('keeps the password nowhere', async () => {
    const kept = await browser.page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    expect(kept).toBe('[{},{}]');
  });

  it('shows a list within two screens, the operators of a field behind its button', async () => {
    const { page } = browser;
    const list = page.locator('#operations-clients-listClients');
    await list.locator('.opblock-summary').click();
    await list.locator('.responses-wrapper').waitFor();
    expect((await list.boundingBox())?.height).toBeLessThanOrEqual(2 * SCREEN);
    const operators = list.locator('tr[data-param-name="name__startswith"]');
    if ((await operators.count()) > 0) {
      expect(await operators.isVisible()).toBe(false);
      await list.locator('tr.with-operators:has([data-param-name="name"]) button.operators').click();
      expect(await operators.isVisible()).toBe(true);
      await operators.locator('input').fill('CANARY');
      const [request] = await Promise.all([
        page.waitForRequest(/name__startswith=CANARY/),
        list.getByRole('button', { name: 'Execute' }).click(),
      ]);
      expect((await request.response())?.status()).toBe(200);
    }
    await list.screenshot({ path: join(OUTPUT, 'docs-page-list.png') });
  });

  it('opens at the operation that its address names', async () => {
    await browser.page.goto('about:blank');
    await browser.page.goto(`${url}/api/docs#/auth/login`);
    await browser.page.locator('#operations-auth-login textarea.body-param__text').waitFor();
  });

  it('opens within two seconds of the browser’s work', async () => {
    const { page } = browser;
    await page.goto('about:blank');
    const session = await page.context().newCDPSession(page);
    // Ticks of the page's thread: how busy the machine is with other things does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const seconds = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(one => one.name === 'TaskDuration')?.value ?? NaN;
    };
    await page.goto(`${url}/api/docs`);
    await page.waitForSelector('.opblock-tag-section');
    const after = await seconds();
    await session.detach();
    expect(after).toBeGreaterThan(0.05);
    expect(after).toBeLessThan(2);
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
