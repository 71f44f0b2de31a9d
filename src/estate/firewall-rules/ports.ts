import { Matches, MaxLength } from 'class-validator';
import { field } from '../../core/table/field-decorators.js';
import type { FieldOptions } from '../../core/table/field-spec.js';

/** From the first to the last port, both included. */
export type PortRange = [first: number, last: number];

export const ALL_PORTS: PortRange = [1, 65_535];
const MAX_LENGTH = 255;
const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
const ITEM = `${PORT}(?:-${PORT})?`;
const LIST = new RegExp(`^${ITEM}(?:,${ITEM})*$`);

/** Ports from 1 to 65535: one, a range or a list of both (`80,443,8000-8100`); null is any port. */
export function Ports(options: FieldOptions = {}): PropertyDecorator {
  const message = 'must be a port, a range such as 8000-8100, or a list of both such as 80,443,8000-8100';
  return field(
    { kind: 'text', length: MAX_LENGTH },
    [Matches(LIST, { message }), MaxLength(MAX_LENGTH)],
    { type: 'string', pattern: LIST.source, maxLength: MAX_LENGTH, example: '80,443,8000-8100' },
    { normalize: true, description: 'null is any port', ...options },
  );
}

/** The ranges of a checked list, in the order of their ports, none touching another; those of null are all ports. */
export function portRanges(ports: string | null): PortRange[] {
  if (ports === null) return [ALL_PORTS];
  const ranges = rangesAsGiven(ports).sort(([one], [other]) => one - other);
  const merged: PortRange[] = [];
  for (const [first, last] of ranges) {
    const open = merged.at(-1);
    if (open && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Whether each range of a checked list begins before it ends. */
export function areOrdered(ports: string | null): boolean {
  return ports === null || rangesAsGiven(ports).every(([first, last]) => first <= last);
}

function rangesAsGiven(ports: string): PortRange[] {
  return ports.split(',').map((item): PortRange => {
    const [first = NaN, last = first] = item.split('-').map(Number);
    return [first, last];
  });
}
