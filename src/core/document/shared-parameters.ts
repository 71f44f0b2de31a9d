import type { Operation, Parameter } from './operations.js';
import { mapValues } from './schemas.js';

interface Reference {
  $ref: string;
}

interface Use {
  parameter: Parameter;
  /** The heading of the first route that has it. */
  tag: string;
  count: number;
}

/**
 * Parameters that several routes have, once: as components. Of those with one name the most used has it, the others
 * the heading of their routes before it: `status`, `projects.status`. The same paths give the same names.
 *
 * @param paths in the order of the document
 */
export function sharedParameters(paths: Record<string, Record<string, Operation>>): {
  paths: Record<string, Record<string, object>>;
  parameters: Record<string, Parameter>;
} {
  const uses = new Map<string, Use>();
  for (const operation of Object.values(paths).flatMap(path => Object.values(path)))
    for (const parameter of operation.parameters ?? []) {
      const text = JSON.stringify(parameter);
      const use = uses.get(text);
      if (use) use.count += 1;
      else
        uses.set(text, { parameter, tag: (operation.tags?.[0] ?? '').replaceAll(/[^\w-]+/g, '-'), count: 1 });
    }
  const parameters: Record<string, Parameter> = {};
  const names = new Map<string, string>();
  const shared = [...uses].filter(([, use]) => use.count > 1);
  for (const [text, { parameter, tag }] of shared.sort(([, a], [, b]) => b.count - a.count)) {
    const name = freeName(parameters, parameter.name, tag);
    names.set(text, name);
    parameters[name] = parameter;
  }
  const reference = (parameter: Parameter): Parameter | Reference => {
    const name = names.get(JSON.stringify(parameter));
    return name === undefined ? parameter : { $ref: `#/components/parameters/${name}` };
  };
  const referring = mapValues(paths, path =>
    mapValues(path, one => (one.parameters ? { ...one, parameters: one.parameters.map(reference) } : one)),
  );
  return { paths: referring, parameters };
}

function freeName(taken: object, name: string, tag: string): string {
  for (let n = 0; ; n += 1) {
    const candidate = n === 0 ? name : `${tag}.${name}${n === 1 ? '' : `.${n}`}`;
    if (!Object.hasOwn(taken, candidate)) return candidate;
  }
}
