import { REMINDER } from '../changes/reminder.js';
import { CHANGE_KINDS } from '../changes/row-entry.js';
import { allResources } from '../../core/resource/resource.js';

/** The event of a delivery that was asked for to try a webhook. */
export const TEST_EVENT = 'webhook.test';

const REMINDERS = 'expiration.*';
const SHAPE = new RegExp(`^(\\*|[a-z][a-z0-9_]*)\\.(\\*|${CHANGE_KINDS.join('|')})$`);

/** Whether an event, such as `site.created`, is one of these: `site.created`, `site.*`, `*.deleted`, `*`. */
export function isWanted(patterns: readonly string[], event: string): boolean {
  const [name, kind] = event.split('.');
  return patterns.some(pattern => {
    if (pattern === '*') return true;
    const [wantedName, wantedKind] = pattern.split('.');
    return (wantedName === '*' || wantedName === name) && (wantedKind === '*' || wantedKind === kind);
  });
}

/** The resources that patterns name, undefined for all of them, and whether they name reminders. */
export function scopeOf(patterns: readonly string[]): { names: string[] | undefined; reminders: boolean } {
  const names = patterns.map(pattern => pattern.split('.')[0] ?? '*');
  return {
    names: names.includes('*') ? undefined : [...new Set(names)],
    reminders: isWanted(patterns, REMINDER),
  };
}

/** What is wrong with a pattern. */
export function patternFault(pattern: string): string | undefined {
  if (pattern === '*' || pattern === REMINDER || pattern === REMINDERS) return undefined;
  const [, name] = SHAPE.exec(pattern) ?? [];
  if (name === undefined)
    return `must be *, or the name of a resource and one of ${CHANGE_KINDS.join(', ')}, such as site.created, site.* or *.deleted; or ${REMINDER}`;
  const isKnown = name === '*' || allResources().some(one => one.name === name);
  return isKnown ? undefined : 'must begin with the name of a resource, such as site or work_item';
}
