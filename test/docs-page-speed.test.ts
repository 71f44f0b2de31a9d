import { startApp, type TestApp } from './app.js';
import { type Browser, missingBrowser, startBrowser } from './harness/browser.js';

const missing = missingBrowser();
/** The machine may be busy with other things: what the page itself does is slow every time. */
const TRIES = 3;

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

  it('shows the operations within two seconds', async () => {
    const { page } = browser;
    const seconds = await best(async () => {
      const start = performance.now();
      await page.goto(`${url}/api/docs#/clients`);
      await page.locator('#operations-clients-listClients').waitFor();
      return (performance.now() - start) / 1000;
    });
    expect(seconds).toBeLessThan(2);
  }, 120_000);

  it.each(['listCredentialsByClient', 'createCredential', 'putCredential'])(
    'opens %s within a second of the browser’s work',
    async id => {
      const { page } = browser;
      const session = await page.context().newCDPSession(page);
      // Ticks of the page's thread: how busy the machine is with other things does not count.
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      const seconds = async () => {
        const { metrics } = await session.send('Performance.getMetrics');
        return metrics.find(one => one.name === 'TaskDuration')?.value ?? NaN;
      };
      const operation = page.locator(`#operations-credentials-${id}`);
      const took = await best(async () => {
        await page.goto(`${url}/api/docs#/credentials`);
        await operation.waitFor();
        const before = await seconds();
        await operation.locator('.opblock-summary').click();
        await operation.locator('.responses-wrapper').waitFor();
        return (await seconds()) - before;
      });
      await session.detach();
      expect(took).toBeGreaterThan(0.01);
      expect(took).toBeLessThan(1);
    },
    120_000,
  );
});
