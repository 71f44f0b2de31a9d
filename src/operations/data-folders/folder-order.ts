import { storedOf } from '../../core/table/stored.js';
import type { Part } from './folder-parts.js';

/** A part at its place, with the fields that refer to rows which come later. */
export interface Placed {
  part: Part;
  later: string[];
}

/** What other rows need without a reference that says so: definitions of their fields, and the words on them. */
const FIRST = ['custom-field-definitions', 'tags'];

interface Reference {
  field: string;
  table: string;
  isRequired: boolean;
}

function referencesOf({ fields }: Part): Reference[] {
  return fields.flatMap(({ name, reference, nullable }) =>
    reference ? [{ field: name, table: tableOf(reference.target()), isRequired: !nullable }] : [],
  );
}

/** The table of an entity. */
const tableOf = (type: Parameters<typeof storedOf>[0]) => storedOf(type).table;

/**
 * Parts in an order in which rows come behind what they refer to. Where they refer to each other, or to rows of their
 * own kind, a reference that may be null is stored afterwards.
 *
 * @throws Error where required references make a circle
 */
export function inOrder(parts: readonly Part[]): Placed[] {
  const tables = new Set(parts.map(one => one.stored.table));
  const waiting = [...parts].sort((a, b) => placeOf(a) - placeOf(b));
  const placed = new Set<string>();
  const order: Placed[] = [];
  while (waiting.length > 0) {
    const open = (part: Part) =>
      referencesOf(part).filter(one => tables.has(one.table) && !placed.has(one.table));
    const free = waiting.find(part => open(part).every(one => one.table === part.stored.table));
    const next = free ?? waiting.find(part => open(part).every(one => !one.isRequired));
    if (!next) throw new Error(`These refer to each other: ${waiting.map(one => one.name).join(', ')}`);
    order.push({ part: next, later: open(next).map(one => one.field) });
    placed.add(next.stored.table);
    waiting.splice(waiting.indexOf(next), 1);
  }
  return order;
}

const placeOf = ({ name }: Part) => (FIRST.includes(name) ? 0 : 1);
