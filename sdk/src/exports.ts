import { mediaTypeOf } from './bodies.js';
import type { PathOf } from './calls.js';
import type { ItemOf, ListPath } from './pages.js';

/** The paths of exports. */
export type ExportPath = Extract<PathOf<'get'>, `${string}/export`>;

/** A row of an export in NDJSON: what the list has, as far as `fields` and `omit` leave it. */
export type ExportedRow<P extends ExportPath> = P extends `${infer List}/export`
  ? List extends ListPath
    ? Partial<ItemOf<List>>
    : Record<string, unknown>
  : never;

/** A file as it comes, of an export or a report. */
export interface ExportedFile {
  /** `sites-2026-01-31.csv` */
  name: string;
  /** `text/csv`, `application/x-ndjson` or `text/html` */
  type: string;
  /** Its bytes. Who does not read it to the end cancels it. */
  stream: ReadableStream<Uint8Array>;
  /** The whole stream as text. */
  text(): Promise<string>;
}

export function fileOf({ headers, body }: Response): ExportedFile {
  const name = /filename="([^"\\/]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'export';
  const stream = body ?? new ReadableStream<Uint8Array>({ start: end => end.close() });
  return { name, type: mediaTypeOf(headers), stream, text: () => new Response(stream).text() };
}

/** The rows of a file in NDJSON, one by one. @throws Error when the file was cut off */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as unknown;
      if (done) break;
    }
    if (rest !== '') yield JSON.parse(rest) as unknown;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
