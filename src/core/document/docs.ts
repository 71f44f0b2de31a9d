import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { tellDeletions } from './deletions.js';
import { finishDocument } from './finish-document.js';
import { INTRODUCTION, SCOPES_TOLD } from './introduction.js';
import { offerLogIn } from './log-in.js';
import { pagePlugin } from './page-plugin.js';
import { PAGE_STYLE } from './page-style.js';
import { groupTags } from './tag-groups.js';
import { describedTags } from '../http/tags.js';

const PATH = 'api/docs';

/** The modules whose routes stand under each heading, in order. */
export type Headings = Readonly<Record<string, Type>>;

/** The OpenAPI 3.1 document of the application, which may be one that was only made to be described. */
function makeDocument(app: INestApplication, headings: Headings): OpenAPIObject {
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
  const finished = finishDocument(tellDeletions(SwaggerModule.createDocument(app, config)), describedTags());
  return offerLogIn(groupTags(finished, headings));
}

/** The document as `openapi.json` holds it: indented, ending in a line feed; the same code gives the same text. */
export function documentText(app: INestApplication, headings: Headings): string {
  return `${JSON.stringify(makeDocument(app, headings), null, 2)}\n`;
}

const SERVED = new WeakMap<INestApplication, string>();

/** The document as it is served. Making it takes a second: before the server listens, or others wait for it. */
export function servedDocument(app: INestApplication, headings: Headings): string {
  let text = SERVED.get(app);
  if (text === undefined) SERVED.set(app, (text = JSON.stringify(makeDocument(app, headings))));
  return text;
}

/** `/api/openapi.json`, and `/api/docs` with a page that reads it. Both are public and made once. */
export function serveDocs(app: INestApplication, headings: Headings): void {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.get('/api/openapi.json', (_request, reply) => {
    reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache');
    return reply.send(servedDocument(app, headings));
  });
  // The page fetches the document; Swagger's own copy of it stays empty.
  SwaggerModule.setup(PATH, app, () => undefined as unknown as OpenAPIObject, {
    raw: false,
    swaggerUrl: '/api/openapi.json',
    customSiteTitle: 'Opskeep API',
    customCss: PAGE_STYLE,
    swaggerOptions: {
      plugins: [pagePlugin],
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
