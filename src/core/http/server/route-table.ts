/** Which methods each path of the application has, for 405 and `Allow`. */
export class RouteTable {
  /** A test is made when a path is first looked for: a start needs none. */
  private readonly byPattern = new Map<string, { test?: RegExp; methods: Set<string> }>();

  add(method: string | string[], url: string): void {
    let route = this.byPattern.get(url);
    if (!route) this.byPattern.set(url, (route = { methods: new Set() }));
    for (const one of [method].flat()) route.methods.add(one);
  }

  /** The methods of a path without parameters, such as that of a bulk; undefined where it is no route by itself. */
  ownMethods(path: string): ReadonlySet<string> | undefined {
    return this.byPattern.get(path)?.methods;
  }

  methodsOf(path: string): string[] {
    const methods = new Set<string>();
    for (const [url, route] of this.byPattern)
      if ((route.test ??= toRegExp(url)).test(path)) for (const one of route.methods) methods.add(one);
    return [...methods].sort();
  }
}

function toRegExp(url: string): RegExp {
  if (url.includes('*')) return /$^/;
  const source = url
    .split('/')
    .map(part => (part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}
