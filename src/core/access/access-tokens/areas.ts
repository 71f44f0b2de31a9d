import { Injectable, type Type } from '@nestjs/common';
import { routesOf } from '../../audit/route-target.js';
import { controllersUnder } from '../../document/tag-groups.js';
import type { Headings } from '../../document/make-document.js';
import { allResources } from '../../resource/resource.js';
import { AREAS } from './area-names.js';

/** What a token's `resources` name: the first part of a route's path below /api, or the wing that the route belongs to. */
@Injectable()
export class Areas {
  /** Wings are called as their headings, if these are one word. What a higher wing adds to a path stays with the path's own. */
  learn(headings: Headings): void {
    for (const [heading, controllers] of controllersUnder(headings))
      for (const path of controllers.flatMap(pathsOf))
        if (!AREAS.has(path)) AREAS.set(path, /^\w+$/.test(heading) ? heading.toLowerCase() : '');
  }

  /** Whether one of the names is this path, or its wing. */
  covers(names: readonly string[], path: string): boolean {
    return names.length === 0 || names.includes(path) || names.includes(AREAS.get(path) ?? path);
  }

  /** `/api/sites/:id` → `sites`; of routes outside of /api the resource that they are about. */
  pathOf(pattern: string | undefined): string {
    const [first = ''] = partsOf(pattern ?? '');
    const about = routesOf(first);
    return allResources().find(one => one.name === about?.name)?.path ?? first;
  }
}

const partsOf = (path: string) => path.split('/').filter(part => part !== '' && part !== 'api');

function pathsOf(controller: Type): string[] {
  const paths = [Reflect.getMetadata('path', controller) as string | string[]].flat();
  return paths.flatMap(path => partsOf(path)[0] ?? []);
}
