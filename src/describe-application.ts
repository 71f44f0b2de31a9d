import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { documentText } from './core/document/make-document.js';
import type { Backends } from './core/start/backends.js';
import { HEADINGS } from './wings.js';

/**
 * The text of `openapi.json`, without settings, keys or a database: Nest's preview knows the routes and makes
 * nothing that would need them.
 */
export async function describeApplication(): Promise<string> {
  const app = await NestFactory.create(AppModule.register({} as Backends), new FastifyAdapter(), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  return documentText(app, HEADINGS);
}
