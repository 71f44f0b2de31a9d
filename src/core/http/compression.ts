import compress, { type FastifyCompressOptions } from '@fastify/compress';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, RouteOptions } from 'fastify';

/**
 * Compresses the answers of a route where the client accepts it. Only for answers in which no secret can be: to
 * somebody who chooses a part of the answer, its length would tell of the rest (BREACH, CVE-2013-3587).
 */
export const Compressed = (): MethodDecorator => RouteConfig({ compressed: true }) as MethodDecorator;

const TEXTS = /^text\/|[/+](json|x-ndjson|javascript)(;|$)/;

/** Brotli at the plugin's quality, which is as fast as gzip; always as a stream, off the event loop. */
const OPTIONS: FastifyCompressOptions = {
  encodings: ['br', 'gzip'],
  threshold: 1024,
  syncThreshold: 0,
  customTypes: type => TEXTS.test(type),
};

function mayCompress({ url, config }: RouteOptions): boolean {
  const page = url === '/api/docs' || url.startsWith('/api/docs/');
  return page || (config as { compressed?: boolean } | undefined)?.compressed === true;
}

/** Before the routes: nothing is compressed but the docs page and the routes that say `@Compressed()`. */
export async function compressAnswers(app: NestFastifyApplication, fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRoute', route => {
    if (mayCompress(route)) (route as { compress?: object }).compress = OPTIONS;
  });
  await app.register(compress as never, { global: false });
}
