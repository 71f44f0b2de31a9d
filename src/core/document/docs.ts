import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { finishDocument } from './finish-document.js';
import { INTRODUCTION, SCOPES_TOLD } from './introduction.js';
import { describedTags } from '../http/tags.js';

const PATH = 'api/docs';

/** Without Swagger's own banner; and dark to the edges where the reader's system is dark. */
const STYLE = '.swagger-ui .topbar { display: none } html.dark-mode body { background: inherit }';

/** The OpenAPI 3.1 document of the application, which may be one that was only made to be described. */
export function makeDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Opskeep')
    .setDescription(INTRODUCTION)
    .setVersion('1')
    .addServer('/', 'The server that gave this document')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: SCOPES_TOLD },
      'bearer',
    )
    .build();
  return finishDocument(SwaggerModule.createDocument(app, config), describedTags());
}

/** The document as `openapi.json` holds it: indented, ending in a line feed; the same code gives the same text. */
export function documentText(app: INestApplication): string {
  return `${JSON.stringify(makeDocument(app), null, 2)}\n`;
}

const SERVED = new WeakMap<INestApplication, string>();

/** The document as it is served. Making it takes a second: before the server listens, or others wait for it. */
export function servedDocument(app: INestApplication): string {
  let text = SERVED.get(app);
  if (text === undefined) SERVED.set(app, (text = JSON.stringify(makeDocument(app))));
  return text;
}

/** `/api/openapi.json`, and `/api/docs` with a page that reads it. Both are public and made once. */
export function serveDocs(app: INestApplication): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.get('/api/openapi.json', (_request, reply) => {
    reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache');
    return reply.send(servedDocument(app));
  });
  // The page fetches the document; Swagger's own copy of it stays empty.
  SwaggerModule.setup(PATH, app, () => undefined as unknown as OpenAPIObject, {
    raw: false,
    swaggerUrl: '/api/openapi.json',
    customSiteTitle: 'Opskeep API',
    customCss: STYLE,
    swaggerOptions: {
      docExpansion: 'none',
      displayOperationId: true,
      displayRequestDuration: true,
      deepLinking: true,
      persistAuthorization: true,
      filter: true,
      tryItOutEnabled: true,
      defaultModelsExpandDepth: 0,
      validatorUrl: null,
    },
  });
}
