import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describedTags } from '../http/tags.js';
import { describeDeletions } from './deletions.js';
import { finishDocument } from './finish-document.js';
import { INTRODUCTION, SCOPES_TOLD } from './introduction.js';
import { offerLogIn } from './log-in.js';
import { groupTags } from './tag-groups.js';

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
  const finished = finishDocument(
    describeDeletions(SwaggerModule.createDocument(app, config)),
    describedTags(),
  );
  return offerLogIn(groupTags(finished, headings));
}

/** The document as `openapi.json` holds it: indented, ending in a line feed; the same code gives the same text. */
export function documentText(app: INestApplication, headings: Headings): string {
  return `${JSON.stringify(makeDocument(app, headings), null, 2)}\n`;
}
