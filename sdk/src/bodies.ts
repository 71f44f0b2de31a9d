import { defaultBodySerializer } from 'openapi-fetch';
import { OpskeepError } from './errors.js';

/** What routes answer beside JSON. A page of HTML is none of them: it may be of a proxy. */
const TEXTS = ['text/csv', 'text/markdown', 'text/plain', 'application/x-ndjson'];
const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

/** `text/csv`, without parameters. */
export const mediaTypeOf = (headers: Headers) =>
  (headers.get('content-type') ?? '').replace(/;.*/s, '').trim().toLowerCase();

/** What an answer of success holds, by its media type; undefined where that is nothing. @throws OpskeepError */
export async function dataOf(response: Response): Promise<unknown> {
  const { status, headers } = response;
  const type = mediaTypeOf(headers);
  if (type === 'application/octet-stream') return response.blob();
  const text = await response.text();
  if (TEXTS.includes(type)) return text;
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = 'The answer is no JSON, or not of Opskeep; report() and export() give files';
    throw new OpskeepError(message, status, 'unreadable', { errors: [] }, headers.get('x-request-id'));
  }
}

/** A text or a Blob of a media type that is not JSON goes as it is; everything else as openapi-fetch has it. */
export function bodySerializer(body: unknown, headers?: unknown): unknown {
  const type = headers instanceof Headers ? mediaTypeOf(headers) : '';
  const isFile = typeof body === 'string' || body instanceof Blob;
  if (isFile && type !== '' && !JSON_TYPE.test(type)) return body;
  return (defaultBodySerializer as (body: unknown, headers?: unknown) => unknown)(body, headers);
}
