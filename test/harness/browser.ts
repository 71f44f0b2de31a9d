import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const PROGRAM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** Of a small laptop, in CSS pixels. */
export const SCREEN = { width: 1280, height: 900 };
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Says what is missing when there is no browser; undefined when there is one. */
export function missingBrowser(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  return `There is no ${PROGRAM}: install the Debian package chromium (apt-get install chromium), or set CHROMIUM_PATH.`;
}

/** A browser with a profile of its own, and what its page did that it should not have done. */
export interface Browser {
  page: Page;
  /** Errors of the console and exceptions that nobody caught. */
  errors: string[];
  /** Addresses that were asked for. */
  requests: string[];
  close(): Promise<void>;
}

/** Starts Debian's Chromium; its profile is removed by `close`. */
export async function startBrowser(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'opskeep-browser-'));
  let context: BrowserContext | undefined;
  const close = async () => {
    await context?.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 20 });
  };
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: PROGRAM,
      args: ARGS,
      viewport: SCREEN,
    });
    const page = context.pages()[0] ?? (await context.newPage());
    return { page, ...watched(page), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function watched(page: Page): Pick<Browser, 'errors' | 'requests'> {
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', error => errors.push(String(error)));
  page.on('request', request => requests.push(request.url()));
  return { errors, requests };
}
