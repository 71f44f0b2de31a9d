import type { Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

/** A heading over tags: `x-tagGroups`, as Redoc and others read it, and our page. */
export interface TagGroup {
  name: string;
  tags: string[];
}

const list = <T>(key: string, target: object): T[] =>
  (Reflect.getMetadata(key, target) as T[] | undefined) ?? [];

/** The controllers of a module and of the modules that it imports, in the order of the declarations. */
export function controllersOf(module: Type): Type[] {
  const inner = list<Type>('imports', module).filter(one => typeof one === 'function');
  return [...list<Type>('controllers', module), ...inner.flatMap(controllersOf)];
}

function tagsOf(module: Type): string[] {
  return [...new Set(controllersOf(module).flatMap(one => list<string>('swagger/apiUseTags', one)))];
}

/** The document with its tags in the order of work, under the headings of the modules that they come from. */
export function groupTags(
  document: OpenAPIObject,
  headings: Readonly<Record<string, Type>>,
): OpenAPIObject & { 'x-tagGroups': TagGroup[] } {
  const tags = new Map((document.tags ?? []).map(one => [one.name, one]));
  const groups = Object.entries(headings)
    .map(([name, module]) => ({ name, tags: tagsOf(module).filter(one => tags.has(one)) }))
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
