import type { Operation, Parameter } from './operations.js';
import { mapValues } from './schemas.js';

interface Reference {
  $ref: string;
}
type Paths<O> = Record<string, Record<string, O>>;

/**
 * Parameters that several routes have, once: as components. A name follows from the parameter and its resource alone,
 * so that a further resource renames nothing: what is the same everywhere says its name itself (`sharedAs`), an `id`
 * of a path without words of its own is `id`, and what several routes of one resource have is `<resource>.<name>`.
 *
 * @throws Error when two parameters that differ would have the same name
 */
export function sharedParameters(paths: Paths<Operation>): {
  paths: Paths<object>;
  parameters: Record<string, Parameter>;
} {
  const parameters: Record<string, Parameter> = {};
  const counts = countedByResource(paths);
  const shared = (given: Parameter, resource: string): Parameter | Reference => {
    const { 'x-shared-as': everywhere, ...parameter } = given;
    const own = (counts.get(keyOf(resource, given)) ?? 0) > 1 ? `${resource}.${given.name}` : undefined;
    const name = everywhere ?? (isPathId(parameter) ? 'id' : own);
    if (name === undefined) return parameter;
    if (JSON.stringify((parameters[name] ??= parameter)) !== JSON.stringify(parameter))
      throw new Error(`Two parameters of the document that differ would be ${name}`);
    return { $ref: `#/components/parameters/${name}` };
  };
  const referring = mapValues(paths, (methods, path) =>
    mapValues(methods, one =>
      one.parameters
        ? { ...one, parameters: one.parameters.map(parameter => shared(parameter, resourceOf(path))) }
        : one,
    ),
  );
  return { paths: referring, parameters };
}

/** `/api/projects/{id}` → `projects` */
const resourceOf = (path: string) => path.split('/')[2] ?? '';

const isPathId = (one: Parameter) => one.in === 'path' && one.name === 'id' && one.description === undefined;

const keyOf = (resource: string, parameter: Parameter) => `${resource} ${JSON.stringify(parameter)}`;

function countedByResource(paths: Paths<Operation>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [path, methods] of Object.entries(paths))
    for (const parameter of Object.values(methods).flatMap(one => one.parameters ?? [])) {
      const key = keyOf(resourceOf(path), parameter);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  return counts;
}
