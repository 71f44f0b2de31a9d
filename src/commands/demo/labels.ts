import { allResources, type ResourceEntity, type ResourceSpec } from '../../core/resource/resource.js';
import type { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { AbstractResourceService, type Body } from '../../core/resource/resource.service.js';

/** Which row each label stands for. */
export class Labels {
  private readonly ids = new Map<string, string>();

  /** @param outer where labels are looked for that are not known here */
  constructor(private readonly outer?: Labels) {}

  set(label: string, id: string): void {
    this.ids.set(label, id);
  }

  idOf(label: string): string {
    const id = this.ids.get(label) ?? this.outer?.idOf(label);
    if (!id) throw new Error(`The demo refers to ${label} before it is made`);
    return id;
  }

  /** The fields with ids in the place of `@label`. */
  resolved(fields: Body): Body {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' && value.startsWith('@') ? this.idOf(value.slice(1)) : value,
      ]),
    );
  }
}

/** The resource of a path, and its service. */
export function resourceAt(
  registry: ResourceRegistry,
  path: string,
): { spec: ResourceSpec; service: AbstractResourceService<ResourceEntity> } {
  const spec = allResources().find(one => one.path === path);
  const service = spec && registry.of(spec.type);
  if (!spec || !(service instanceof AbstractResourceService)) throw new Error(`There is no resource ${path}`);
  return { spec, service: service as AbstractResourceService<ResourceEntity> };
}
