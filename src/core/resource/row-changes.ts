import { type FieldFault, ValidationError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { canonical } from '../table/codec.js';
import { newId } from '../database/new-id.js';
import { now } from '../database/values.js';
import { defaultOf } from '../table/field-spec.js';
import { customValuesOf } from './custom/custom-fields.js';
import type { ResourceSpec } from './resource.js';

type Values = Record<string, unknown>;
/** Field → [before, after], as the audit reports it. */
export type Changes = Record<string, [unknown, unknown]>;

function same(a: unknown, b: unknown): boolean {
  const [one, other] = [a ?? null, b ?? null];
  if (one === other) return true;
  // What is no list or map is the same as nothing else.
  if (typeof one !== 'object' && typeof other !== 'object') return false;
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A new row: what was given, defaults for what was not; the owner is the actor unless named. */
export function newRow<T>(spec: ResourceSpec, given: Values): T {
  const time = now();
  const row: Values = {};
  for (const field of spec.fields) {
    const value = given[field.name];
    row[field.name] = value === undefined ? (defaultOf(field) ?? null) : canonical(field, value);
  }
  const actor = currentActor();
  if (spec.owner && row[spec.owner] === null && actor.kind === 'user') row[spec.owner] = actor.id;
  return Object.assign(row, { id: newId(), version: 1, created_at: time, updated_at: time }) as T;
}

/** The writable part of an update; a read-only field may only repeat what is stored. */
export function writableChanges(spec: ResourceSpec, stored: object, given: Values): object {
  const faults: FieldFault[] = [];
  const changes: Values = {};
  for (const [name, value] of Object.entries(given)) {
    const field = spec.byName.get(name);
    if (!field || field.internal || value === undefined) continue;
    if (!field.readOnly) changes[name] = canonical(field, value);
    else if (!same(value, (stored as Values)[name]))
      faults.push({ field: name, message: 'is read-only', rule: 'readOnly' });
  }
  if (faults.length > 0) throw new ValidationError(faults);
  return changes;
}

/** Whether nothing that is stored differs. */
export function isUnchanged(spec: ResourceSpec, before: object, after: object): boolean {
  return spec.fields.every(({ name }) => same((before as Values)[name], (after as Values)[name]));
}

const UNREPORTED = new Set(['id', 'version', 'created_at', 'updated_at']);

/** {field: [before, after]} of what differs and may be reported. */
export function changesBetween(spec: ResourceSpec, before: object, after: object): Changes {
  const [from, to] = [before as Values, after as Values];
  const changes: Changes = {};
  for (const { name, writeOnly } of spec.fields) {
    if (UNREPORTED.has(name) || writeOnly || same(from[name], to[name])) continue;
    if (name === 'custom_fields' && spec.customFields)
      Object.assign(changes, customChanges(customValuesOf(before), customValuesOf(after)));
    else changes[name] = [from[name] ?? null, to[name] ?? null];
  }
  return changes;
}

/** A custom field is one like the others: `custom_fields.<key>`. */
function customChanges(from: Values, to: Values): Changes {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    key => !same(from[key], to[key]),
  );
  return Object.fromEntries(keys.map(key => [`custom_fields.${key}`, [from[key] ?? null, to[key] ?? null]]));
}

const SHOWN = new WeakMap<ResourceSpec, string[]>();

/** A copy that holds only what may leave. */
export function plainView<T extends object>(spec: ResourceSpec, row: T): T {
  let names = SHOWN.get(spec);
  if (!names) SHOWN.set(spec, (names = spec.fields.filter(one => !one.writeOnly).map(one => one.name)));
  return pick(row, names);
}

/** Field by field: `Object.fromEntries` takes three times as long, and so does what reads such an object. */
export function pick<T extends object>(row: T, names: string[]): T {
  const picked: Values = {};
  for (const name of names) picked[name] = (row as Values)[name];
  return picked as T;
}
