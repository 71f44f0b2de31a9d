import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bothMigrations } from '../../migrations/index.js';
import { AppModule } from '../../src/app.module.js';
import type { Application } from '../../src/application.js';
import type { AppSettings } from '../../src/core/config/settings.js';
import type { Logger } from '../../src/core/context/logger.js';
import { makeAdapter, prepareHttp } from '../../src/core/http/server/fastify.js';
import type { Migrations } from '../../src/core/database/database.js';
import { openBackends } from '../../src/core/start/backends.js';

/** What a test brings along. */
export interface Beside {
  controllers?: Type[];
  modules?: Type[];
  migrations?: Migrations;
}

/** The application with controllers and whole resources of a test beside its own; throws what the start throws. */
export async function createWith(
  settings: AppSettings,
  logger: Logger,
  { controllers = [], modules = [], migrations: more = [] }: Beside,
): Promise<Application> {
  const opened = await openBackends(
    settings,
    { ...bothMigrations, main: [...bothMigrations.main, ...more] },
    logger,
  );
  @Module({ imports: [AppModule.register(opened), ...modules], controllers })
  class WithMore {}
  let app: NestFastifyApplication | undefined;
  try {
    const options = { logger: false, bodyParser: false, abortOnError: false } as const;
    app = await NestFactory.create<NestFastifyApplication>(WithMore, makeAdapter(settings), options);
    await prepareHttp(app, settings, logger);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return { app, opened };
  } catch (error) {
    await app?.close();
    await opened.close();
    throw error;
  }
}
