import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

/** A heading over tags: `x-tagGroups`, as Redoc and others read it, and our page. */
export interface TagGroup {
  name: string;
  tags: string[];
}

const list = <T>(key: string, target: object): T[] =>
  (Reflect.getMetadata(key, target) as T[] | undefined) ?? [];

const importsOf = (module: Type) => list<Type>('imports', module).filter(one => typeof one === 'function');

/** The controllers under each heading, in the order of the declarations; those that another heading imports are its own. */
export function controllersUnder(headings: Readonly<Record<string, Type>>): Map<string, Type[]> {
  const walk = (module: Type, others: ReadonlySet<Type>): Type[] => [
    ...list<Type>('controllers', module),
    ...importsOf(module).flatMap(one => (others.has(one) ? [] : walk(one, others))),
  ];
  return new Map(
    Object.entries(headings).map(([heading, module]) => {
      const others = Object.values(headings).filter(one => one !== module);
      return [heading, walk(module, new Set([...others, ...others.flatMap(importsOf)]))];
    }),
  );
}

function tagsOf(controllers: Type[]): string[] {
  return [...new Set(controllers.flatMap(one => list<string>('swagger/apiUseTags', one)))];
}

/** The document with its tags in the order of work, under the headings of the modules that they come from. */
export function groupTags(
  document: OpenAPIObject,
  headings: Readonly<Record<string, Type>>,
): OpenAPIObject & { 'x-tagGroups': TagGroup[] } {
  const tags = new Map((document.tags ?? []).map(one => [one.name, one]));
  // What a higher room adds to a resource stands with it.
  const placed = new Set<string>();
  const groups = [...controllersUnder(headings)]
    .map(([name, controllers]) => {
      const own = tagsOf(controllers).filter(one => tags.has(one) && !placed.has(one));
      own.forEach(one => placed.add(one));
      return { name, tags: own };
    })
    .filter(group => group.tags.length > 0);
  const order = new Set(groups.flatMap(group => group.tags));
  const rest = [...tags.keys()].filter(one => !order.has(one));
  if (rest.length > 0) groups.push({ name: 'More', tags: rest });
  return {
    ...document,
    tags: [...order, ...rest].flatMap(name => tags.get(name) ?? []),
    'x-tagGroups': groups,
  };
}
