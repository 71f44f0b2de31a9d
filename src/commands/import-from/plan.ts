import type { INestApplicationContext } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import type { Body } from '../../core/resource/resource.service.js';
import { uniqueKey } from '../../core/table/unique-key.js';
import { Client } from '../../directory/clients/client.entity.js';
import { redact } from '../../formats/redaction/redact.js';
import { ImportedRows } from '../../operations/imported-rows/imported-rows.service.js';
import { Credential } from '../../vault/credentials/credential.entity.js';
import { refusalIn } from '../bringing/refusal.js';
import { draftsOf, isDamaged } from './credential-bodies.js';
import type { Item, Reading, Told } from './item.js';
import { type Place, Places, nameOf, type PlacingOptions } from './places.js';
import { PresentSecrets } from './present-secrets.js';

export interface ImportOptions extends PlacingOptions {
  source: string;
  sealNotes?: boolean;
}

/** An entry that is to be brought in. */
export interface Planned {
  where: string;
  name: string;
  key: string;
  place: Place;
  bodies: Body[];
}

/** Whether its program had archived it: here it is archived, too. */
export const isArchived = ({ bodies }: Planned): boolean => bodies.some(one => one.archived_at != null);

/** What an import would do, before it does anything. */
export interface Plan {
  source: string;
  /** How many entries the file has. */
  entries: number;
  planned: Planned[];
  /** How many were brought in before, or are there with the same secret. */
  there: number;
  left: Told[];
  without: Told[];
  remarks: string[];
}

export async function planImport(
  app: INestApplicationContext,
  reading: Reading,
  options: ImportOptions,
): Promise<Plan> {
  const places = await Places.of(app, reading.items, options);
  const plan: Plan = {
    source: options.source,
    entries: reading.items.length + reading.left.length,
    planned: [],
    there: 0,
    left: reading.left.map(one => ({ ...one, name: one.name === null ? null : shown(one.name) })),
    without: [],
    remarks: reading.remarks,
  };
  const all = new Map<string, string>();
  const keyed = keysOf(app.get(ImportedRows), options.source);
  for (const item of reading.items) {
    const name = shown(item.title);
    const leave = (reason: string) => void plan.left.push({ where: item.where, name, reason });
    const place = places.placeOf(item);
    const twin = place.kind === 'none' ? undefined : all.get(signature(item, place));
    if (place.kind === 'none') leave(`${place.reason}${foldersOf(item)}`);
    else if (twin !== undefined) leave(`the same as ${twin}`);
    else {
      all.set(signature(item, place), item.where);
      const drafts = draftsOf(item, options.sealNotes ?? false);
      const fault = isDamaged(item) ? DAMAGED : await faultOf(drafts.bodies, place);
      if (drafts.bodies.length === 0) leave('it holds no secret');
      else if (fault) leave(fault);
      else {
        plan.planned.push({ where: item.where, name, key: keyed(item), place, bodies: drafts.bodies });
        for (const reason of drafts.without) plan.without.push({ where: item.where, name, reason });
      }
    }
  }
  return withoutPresent(app, plan);
}

const DAMAGED = 'a secret was damaged when the file was converted (U+FFFD stands in it): export it again';
const foldersOf = ({ folders }: Item) =>
  folders.length === 0 ? '' : `: ${folders.map(one => shown(one.join('/'))).join(', ')}`;

/** A name as it may be shown: whoever wrote a password into it does not see it again. */
function shown(name: string): string {
  const line = redact(name.slice(0, 255)).replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
  return [...line].length <= 60 ? line : `${[...line].slice(0, 59).join('')}…`;
}

/** Two entries that say the same become one. */
function signature(item: Item, place: Place): string {
  const { title, username, password, totp, private_key, notes, kind, urls, fields } = item;
  return JSON.stringify([
    nameOf(place),
    title,
    username,
    password,
    totp,
    private_key,
    notes,
    kind,
    urls,
    fields,
  ]);
}

/** What an entry is known again by: its id, else what it is called and where, and how many such stand before it. */
function keysOf(imported: ImportedRows, source: string): (item: Item) => string {
  const counts = new Map<string, number>();
  return ({ id, folders, title, username, urls }) => {
    if (id !== null) return imported.keyOf(source, 'id', id);
    const named = [JSON.stringify(folders), title, username, redact((urls[0] ?? '').slice(0, 2000))];
    const count = counts.get(JSON.stringify(named)) ?? 0;
    counts.set(JSON.stringify(named), count + 1);
    return imported.keyOf(source, ...named, count);
  };
}

/** What the API would refuse it for, without a value. */
async function faultOf(bodies: Body[], place: Place): Promise<string | undefined> {
  try {
    if (place.kind === 'client' && !place.id)
      await validateBody(bodiesOf(resourceOf(Client)).create, { name: place.name });
    for (const body of bodies) await validateBody(bodiesOf(resourceOf(Credential)).create, body);
    return undefined;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return refusalIn(error);
  }
}

/** Leaves out what was brought in before, and what is there with the same secret for the same service and user name. */
async function withoutPresent(app: INestApplicationContext, plan: Plan): Promise<Plan> {
  const imported = await app.get(ImportedRows).there(Credential, plan.planned.map(one => one.key)); // prettier-ignore
  const present = PresentSecrets.of(app);
  const planned: Planned[] = [];
  for (const one of plan.planned) if (!imported.has(one.key) && !(await present.has(one))) planned.push(one);
  const kept = new Set(planned.map(one => one.where));
  const left = plan.left.toSorted((one, other) => placeIn(one) - placeIn(other));
  const without = plan.without.filter(one => kept.has(one.where));
  return { ...plan, planned, left, without, there: plan.planned.length - planned.length };
}

/** `line 12` → 12 */
const placeIn = ({ where }: Told) => Number(where.split(' ')[1]);

/** Each client that something goes to, with how many entries. */
export function clientsOf(plan: Plan): { name: string; is_new: boolean; entries: number }[] {
  const counts = new Map<string, { name: string; is_new: boolean; entries: number }>();
  for (const { place } of plan.planned) {
    const isNew = place.kind === 'client' && place.id === undefined;
    const key = place.kind === 'pool' ? '' : uniqueKey(place.name);
    const count = counts.get(key) ?? { name: nameOf(place), is_new: isNew, entries: 0 };
    counts.set(key, { ...count, entries: count.entries + 1 });
  }
  return [...counts.values()];
}
