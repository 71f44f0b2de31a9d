import type { ApiDocument } from './all-resources.js';
import type { Body } from './requests.js';

/** The example that the document gives for the body of an operation; undefined when it takes none. */
export function exampleOf(document: ApiDocument, path: string, method: string): Body | undefined {
  const { requestBody } = document.paths[path]?.[method] ?? {};
  if (!requestBody) return undefined;
  const { schema } = requestBody.content['application/json'] ?? { schema: {} };
  const named = document.components.schemas[String(schema.$ref).split('/').pop() ?? ''];
  const [example] = (named?.examples ?? []) as Body[];
  if (!example) throw new Error(`${method} ${path} has no example`);
  return example;
}
