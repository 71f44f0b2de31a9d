import type { ResourceSpec } from '../resource.js';

/** `parent_host` → `ParentHost` */
export function capitalized(text: string): string {
  return text
    .split(/[-_]/)
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `security-incidents` → `SecurityIncidents`, as operation ids say it. */
export function pluralOf(spec: ResourceSpec): string {
  return capitalized(spec.path);
}

/** `security-incidents` or `security_incident` as words. */
export function words(text: string): string {
  return text.replaceAll(/[-_]/g, ' ');
}

/** One row of a resource: `security incident`; of a mass noun an item, `infrastructure item`. */
export function oneOf({ name, path }: ResourceSpec): string {
  return name === path ? `${words(name)} item` : words(name);
}

/** Several of its rows: `security incidents`, `infrastructure items`. */
export function several(spec: ResourceSpec): string {
  return spec.name === spec.path ? `${oneOf(spec)}s` : words(spec.path);
}

/** With its article: a site, an integration, an M365 tenant. */
export function aOrAn(text: string): string {
  return `${/^([aeio]|un(?!i)|m365)/.test(text) ? 'an' : 'a'} ${words(text)}`;
}
