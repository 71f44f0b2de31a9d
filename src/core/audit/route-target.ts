/** What a route is about: the resource and the row that its path names, and what is done to it. */
export interface RouteTarget {
  /** `credential.rotate`, `security_incident.credentials_delete`, `auth.logout`. */
  action: string;
  resource_type?: string;
  resource_id?: string | null;
  /** What is missing (404) or taken (409) is worth guessing: such an answer is recorded as a refusal. */
  guarded?: boolean;
}

/** What the routes below a path are about. */
export interface RoutesOf {
  /** `security_incident` */
  name: string;
  /** How errors name it: `SecurityIncident`. */
  label: string;
  /** See `RouteTarget`. */
  guarded?: boolean;
}

const VERBS: Record<string, string> = {
  GET: 'view',
  HEAD: 'view',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};
const names = new Map<string, RoutesOf>();

/** Makes the routes below `/api/<path>` (or `/<path>`) known as those of a resource. */
export function nameRoutes(path: string, of: RoutesOf): void {
  names.set(path, of);
}

/** What the routes below a path are about; undefined where nobody has said so. */
export function routesOf(path: string): RoutesOf | undefined {
  return names.get(path);
}

/**
 * The target of a request, from the pattern of its route (`/api/credentials/:id/rotate`). Where an error names a row
 * (`details.resource_type`, `resource_id`), that row is the target: a path may name another one besides.
 */
export function routeTarget(
  method: string,
  pattern: string | undefined,
  params: unknown,
  about: { resource_type?: string; resource_id?: string | null } = {},
): RouteTarget {
  const parts = (pattern ?? '').split('/').filter(part => part !== '' && part !== 'api');
  const [root = '', ...rest] = parts;
  const resource = names.get(root);
  const values = (params ?? {}) as Record<string, string | undefined>;
  const words = rest
    .filter(part => !part.startsWith(':') && part !== 'bulk')
    .map(part => part.replaceAll('-', '_'));
  const verb = VERBS[method] ?? method.toLowerCase();
  const [last] = words.slice(-1);
  // POST says what it does in its path; others say on what.
  const done = last === undefined || verb === 'view' ? verb : method === 'POST' ? last : `${last}_${verb}`;
  const action = `${resource?.name ?? (root || 'request').replaceAll('-', '_')}.${done}`;
  const named = [...names.values()].find(one => one.label === about.resource_type);
  if (named && about.resource_id)
    return { action, resource_type: named.name, resource_id: about.resource_id, guarded: named.guarded };
  if (!resource) return { action };
  return {
    action,
    resource_type: resource.name,
    resource_id: rest[0] === ':id' ? (values.id ?? null) : null,
    guarded: resource.guarded,
  };
}
