import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { Injectable, type INestApplicationContext } from '@nestjs/common';
import { systemActor } from '../core/context/actor.js';
import { loadSettings } from '../core/config/load-settings.js';
import { type AppSettings, Secret } from '../core/config/settings.js';
import type { Keystore } from '../core/crypto/keystore/keystore.js';
import type { MainDatabase } from '../core/database/main-database.js';
import { runAs } from '../core/context/request-context.js';
import type { Backends } from '../core/start/backends.js';
import { commandLog } from './command-log.js';
import { requireInstallation } from './require-installation.js';

export interface Wish {
  /** Whether the command may make an installation where there is none. */
  begins?: boolean;
}

/** The name that the operating system gives to whoever runs the command. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

async function settingsFor({ begins = false }: Wish): Promise<AppSettings> {
  const { settings } = loadSettings();
  if (!begins) await requireInstallation(settings);
  return settings;
}

/** Runs as the command line, whose changes the audit shows with the OS user. */
export function asCommandLine<T>(command: string, work: () => Promise<T>): Promise<T> {
  return runAs(systemActor('command line'), work, { command: `opskeep ${command}`, os_user: osUser() });
}

/** The one way in which commands open the installation; what is heavy is loaded only here. */
@Injectable()
export class Installation {
  /** Opens everything, and runs `work` as the command line, whose changes the audit shows with the OS user. */
  async run<T>(
    command: string,
    work: (app: INestApplicationContext, opened: Backends) => Promise<T>,
    wish: Wish = {},
  ): Promise<T> {
    const settings = await settingsFor(wish);
    // No command makes or reads a login, so none needs the secret of the server, or makes one.
    settings.JWT_SECRET_KEY ??= new Secret(randomBytes(32).toString('hex'));
    const { openContext } = await import('../application.js');
    const { app, opened } = await openContext(settings, commandLog(settings));
    try {
      return await asCommandLine(command, () => work(app, opened));
    } finally {
      await app.close();
      await opened.close();
    }
  }

  /** Opens the two databases as they are: nothing is migrated, and no key is needed. */
  async databases<T>(
    work: (main: MainDatabase, keystore: Keystore) => Promise<T>,
    wish: Wish = {},
  ): Promise<T> {
    const settings = await settingsFor(wish);
    const { openDatabases } = await import('../application.js');
    const { requireRestored } = await import('../core/database/restore-mark.js');
    const { main, keystore } = await openDatabases(settings);
    try {
      await requireRestored(keystore);
      return await work(main, keystore);
    } finally {
      await main.close();
      await keystore.close();
    }
  }
}
