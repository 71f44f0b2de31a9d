import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { CommittedDocument } from './committed-document.js';
import { pagePlugin } from './page-plugin.js';
import { PAGE_STYLE } from './page-style.js';

const PATH = 'api/docs';

/** What is sent to the browser is the text; in it, the build gives functions their names by a helper of its own. */
const SENT_PLUGIN = Object.assign(pagePlugin.bind(undefined), {
  toString: () => `system => { const __name = named => named; return (${pagePlugin.toString()})(system); }`,
});

/** `/api/openapi.json`, and `/api/docs` with a page that reads it. Both are public. */
export function serveDocs(app: INestApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  const document = new CommittedDocument();
  fastify.get('/api/openapi.json', (request, reply) => document.answer(request, reply));
  // The page fetches the document; Swagger's own copy of it stays empty.
  SwaggerModule.setup(PATH, app, () => undefined as unknown as OpenAPIObject, {
    raw: false,
    swaggerUrl: '/api/openapi.json',
    customSiteTitle: 'Opskeep API',
    customCss: PAGE_STYLE,
    swaggerOptions: {
      plugins: [SENT_PLUGIN],
      docExpansion: 'none',
      displayOperationId: true,
      displayRequestDuration: true,
      deepLinking: true,
      // It would keep the password, too.
      persistAuthorization: false,
      filter: true,
      tryItOutEnabled: true,
      defaultModelsExpandDepth: 0,
      validatorUrl: null,
    },
  });
}
