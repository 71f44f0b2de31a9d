import type { ResourceSpec } from './resource.js';

/** `security-incidents` → `SecurityIncidents`, as operation ids say it. */
export function pluralOf(spec: ResourceSpec): string {
  return spec.path
    .split('-')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `security-incidents` or `security_incident` as words. */
export function words(text: string): string {
  return text.replaceAll(/[-_]/g, ' ');
}

/** With its article: a site, an integration, an M365 tenant. */
export function aOrAn(text: string): string {
  return `${/^([aeio]|un(?!i)|m365)/.test(text) ? 'an' : 'a'} ${words(text)}`;
}
