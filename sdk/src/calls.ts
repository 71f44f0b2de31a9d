import type { FetchOptions } from 'openapi-fetch';
import type { paths } from './schema.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

/** What a call takes beside its path: `params`, `body`, `headers`, `signal`. */
export type InitOf<P extends keyof paths, M extends Method> = Omit<
  FetchOptions<paths[P][M]>,
  'baseUrl' | 'fetch' | 'middleware' | 'parseAs' | 'redirect' | `${string}Serializer`
> &
  // As a file, a report comes by `report`.
  (P extends `/api/reports/${string}` ? { params?: { query?: { format?: 'json' } } } : unknown);

/** The same, not to be left out where something of it is required. */
export type Arguments<Init> = object extends Init ? [init?: Init] : [init: Init];

type AnswersOf<P extends keyof paths, M extends Method> = paths[P][M] extends { responses: infer Answers }
  ? Answers[keyof Answers & (200 | 201 | 202 | 204)]
  : never;

/** An object where there is one, else text or bytes. What is Markdown unless JSON is asked for may be either. */
type Held<Content> = 'text/markdown' extends keyof Content
  ? Content[keyof Content]
  : Content extends { 'application/json': infer Data }
    ? Data
    : Content extends { 'application/octet-stream': unknown }
      ? Blob
      : Content[keyof Content];

/** The body of the answer of success; undefined where there is none. */
export type DataOf<P extends keyof paths, M extends Method> =
  AnswersOf<P, M> extends infer Answer
    ? Answer extends { content: infer Content }
      ? Held<Content>
      : undefined
    : never;

/** One call: its data and the answer of HTTP (`response.headers.get('etag')`). Rejects with an `OpskeepError`. */
export type Call<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...init: Arguments<InitOf<P, M>>
) => Promise<{ data: DataOf<P, M>; response: Response }>;
