import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bothMigrations } from '../migrations/index.js';
import { AppModule } from './app.module.js';
import { Sequencer } from './core/audit/seals/sequencer.js';
import type { AppSettings } from './core/config/settings.js';
import type { Keystore } from './core/crypto/keystore/keystore.js';
import { openKeystoreDatabase } from './core/crypto/keystore/keystore-database.js';
import type { MainDatabase } from './core/database/main-database.js';
import { serveDocs } from './core/document/docs.js';
import { makeAdapter, prepareHttp } from './core/http/server/fastify.js';
import type { Logger } from './core/context/logger.js';
import { NestLog } from './core/http/server/nest-log.js';
import { openMain, openBackends, type Backends, type Unfinished } from './core/start/backends.js';
import { ImportWorker } from './operations/bulk-import/import-worker.service.js';
import { Reminders } from './operations/expirations/reminders/reminders.service.js';
import { WebhookWorker } from './operations/webhooks/delivery/webhook-worker.service.js';

/** The application with everything opened, before it listens. Close the application, then `opened`. */
export interface Application {
  app: NestFastifyApplication;
  opened: Backends;
}

export async function createApplication(settings: AppSettings, logger?: Logger): Promise<Application> {
  const opened = await openBackends(settings, bothMigrations, logger);
  try {
    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.register(opened),
      makeAdapter(settings),
      {
        logger: new NestLog(opened.logger),
        bodyParser: false,
        abortOnError: false,
      },
    );
    await prepareHttp(app, settings, opened.logger);
    serveDocs(app);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    app.get(Sequencer).watch();
    app.get(WebhookWorker).watch();
    app.get(ImportWorker).watch();
    app.get(Reminders).watch();
    return { app, opened };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The two databases as they are, with what is declared about them. */
export async function openDatabases(
  settings: AppSettings,
): Promise<{ main: MainDatabase; keystore: Keystore }> {
  const main = await openMain(settings, bothMigrations.main);
  try {
    return { main, keystore: await openKeystoreDatabase(settings, bothMigrations.keystore) };
  } catch (error) {
    await main.close();
    throw error;
  }
}

/** The services without routes, for the command line. Close `app`, then `opened`. */
export async function openContext(
  settings: AppSettings,
  logger: Logger,
  unfinished: Unfinished = {},
): Promise<{ app: INestApplicationContext; opened: Backends }> {
  const opened = await openBackends(settings, bothMigrations, logger, unfinished);
  try {
    const app = await NestFactory.createApplicationContext(AppModule.register(opened), {
      logger: new NestLog(logger),
      abortOnError: false,
    });
    return { app, opened };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
