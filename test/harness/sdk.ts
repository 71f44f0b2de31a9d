import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createOpskeep, type Opskeep } from '../../sdk/src/index.js';

/** The SDK over the application without a socket: what it is asked and answers is typed by the document. */
export function sdkOf(app: NestFastifyApplication, token: string): Opskeep {
  const fetch = async (request: Request) => {
    const { statusCode, rawPayload, headers } = await app.inject({
      method: request.method as 'GET',
      url: request.url.replace(/^https?:\/\/[^/]+/, ''),
      headers: Object.fromEntries(request.headers),
      payload: Buffer.from(await request.arrayBuffer()),
    });
    const told = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    return new Response(statusCode === 204 ? null : new Uint8Array(rawPayload), {
      status: statusCode,
      headers: told,
    });
  };
  return createOpskeep({ url: 'http://opskeep.test', token, fetch, retries: 0 });
}
