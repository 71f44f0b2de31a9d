import { startApp, type TestApp } from './app.js';
import { type Browser, missingBrowser, startBrowser } from './harness/browser.js';

const missing = missingBrowser();
/** The machine may be busy with other things: what the page itself does is slow every time. */
const TRIES = 2;

(missing ? describe.skip : describe)(`the speed of the docs page${missing ? ` – ${missing}` : ''}`, () => {
  let t: TestApp;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    t = await startApp();
    url = await t.listen();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await t?.close();
  });

  /** The smallest of several measurements; each begins at an empty page with an empty cache. */
  async function best(measure: () => Promise<number>): Promise<number> {
    const session = await browser.page.context().newCDPSession(browser.page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    const all: number[] = [];
    for (let n = 0; n < TRIES; n++) {
      await browser.page.goto('about:blank');
      all.push(await measure());
    }
    await session.detach();
    return Math.min(...all);
  }

  /** Seconds that the page's own thread has worked: how busy the machine is with other things does not count. */
  async function clock(): Promise<() => Promise<number>> {
    const session = await browser.page.context().newCDPSession(browser.page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(one => one.name === 'TaskDuration')?.value ?? NaN;
    };
  }

  it('shows the operations within two seconds of the browser’s work', async () => {
    const { page } = browser;
    const seconds = await clock();
    const took = await best(async () => {
      const before = await seconds();
      await page.goto(`${url}/api/docs#/clients`);
      await page.locator('#operations-clients-listClients').waitFor();
      const after = await seconds();
      // A page of another site may have a process, and a clock, of its own.
      return after < before ? after : after - before;
    });
    expect(took).toBeGreaterThan(0.05);
    expect(took).toBeLessThan(2);
  }, 120_000);

  it.each(['listCredentialsByClient', 'createCredential', 'putCredential'])(
    'opens %s within a second of the browser’s work',
    async id => {
      const { page } = browser;
      const seconds = await clock();
      const operation = page.locator(`#operations-credentials-${id}`);
      const took = await best(async () => {
        await page.goto(`${url}/api/docs#/credentials`);
        await operation.waitFor();
        const before = await seconds();
        await operation.locator('.opblock-summary').click();
        await operation.locator('.responses-wrapper').waitFor();
        return (await seconds()) - before;
      });
      expect(took).toBeGreaterThan(0.01);
      expect(took).toBeLessThan(1);
    },
    120_000,
  );
});
