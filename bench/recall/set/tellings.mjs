import { POINTERS } from './chatter.mjs';
import { NETWORK_FACTS } from './network-facts.mjs';
import { EVENTS, OFFICE_FACTS } from './office-facts.mjs';
import { SYSTEM_FACTS } from './system-facts.mjs';
import { valueOf } from './world.mjs';

const FACTS = [...NETWORK_FACTS, ...SYSTEM_FACTS, ...OFFICE_FACTS];
/** Of the kinds of facts a client keeps some to itself: what is asked about them has no answer. */
const UNTOLD = 7;
/** How many things of a kind that has a name (of a host, a site) are told. */
const OF_A_KIND = 2;
const CHANGED = 0.6;
const IN_A_PAIR = 0.42;
/** How many of what is told, or of what is told nowhere, somebody asks about again in a later session. */
const ASKED_AGAIN = 0.35;

const slotsIn = kind =>
  [...new Set([...kind.said, ...(kind.pair ?? []).flat(), ...kind.ask, ...(kind.change?.said ?? [])].join(' ').matchAll(/\{(\w+)\}/g))]
    .map(([, slot = '']) => slot)
    .filter((slot, n, all) => !['new', 'when', 'n'].includes(slot) && all.indexOf(slot) === n); // prettier-ignore

/** A sentence with its places filled in. */
export const filled = (text, values) => text.replaceAll(/\{(\w+)\}/g, (whole, slot) => values[slot] ?? whole);

/**
 * What a client's sessions tell: `{ kind, values, topic, turns, session, role }`, where `role` is `fact`, `change` (with
 * `of`, what it changes), `event`, `again` (asked again, and not told) or `untold` (in no session).
 */
export function tellingsOf(client, { sessions }, random) {
  const kinds = random.shuffled(FACTS);
  const untold = kinds.filter(({ exact }) => !exact).slice(0, UNTOLD);
  const told = kinds.filter(kind => !untold.includes(kind));
  const home = homesOf(sessions, random);
  const all = untold.map(kind => ({ kind, values: valuesOf(kind, client, random), role: 'untold', session: -1, turns: [] })); // prettier-ignore
  const room = Math.floor(sessions * 4.2);
  for (let round = 0; round < OF_A_KIND; round++)
    for (const kind of told) {
      if (all.length - untold.length >= room) break;
      const values = valuesOf(kind, client, random);
      if (all.some(one => one.kind === kind && isSame(kind, one.values, values))) continue;
      const first = { kind, values, topic: kind.topic, role: 'fact', turns: turnsOf(kind, values, random), session: home(kind.topic, 0) }; // prettier-ignore
      all.push(first);
      if (!kind.change || !random.is(CHANGED) || first.session >= sessions - 1) continue;
      const changed = { ...values, new: otherThan(values[kind.change.slot], kind.change.slot, client, random), reason: valueOf('reason', client, random) }; // prettier-ignore
      const turns = [filled(random.one(kind.change.said), changed)];
      all.push({ kind, values: changed, topic: kind.topic, role: 'change', of: first, turns, session: home(kind.topic, first.session + 1) }); // prettier-ignore
    }
  for (const kind of EVENTS)
    for (let time = 0; time < 3; time++) {
      const values = { ...valuesOf(kind, client, random), n: String(1000 + random.below(9000)) };
      all.push({ kind, values, topic: kind.topic, role: 'event', turns: [filled(random.one(kind.said), values)], session: random.below(sessions) }); // prettier-ignore
    }
  return [...all, ...all.flatMap(one => askedAgain(one, sessions, random))];
}

/** In a later session somebody asks what was told, in the words of a question, and is only told where it stands. */
function askedAgain({ kind, values, role, session }, sessions, random) {
  const asks = role === 'change' ? kind.change.now : kind.ask;
  if (role === 'event' || session >= sessions - 1 || !random.is(ASKED_AGAIN)) return [];
  const later = session + 1 + random.below(sessions - session - 1);
  const turns = [filled(random.one(asks), values), random.one(POINTERS)];
  return [{ kind, values, topic: kind.topic, role: 'again', turns, session: later }];
}

/** Sessions have a topic or two, so that what belongs together is told together, mostly. */
function homesOf(sessions, random) {
  const homes = new Map();
  return (topic, from) => {
    if (!homes.has(topic)) homes.set(topic, random.some([...Array(sessions).keys()], Math.max(2, Math.ceil(sessions / 5)))); // prettier-ignore
    const later = homes.get(topic).filter(one => one >= from);
    return later.length > 0 && random.is(0.8) ? random.one(later) : from + random.below(sessions - from);
  };
}

const valuesOf = (kind, client, random) =>
  Object.fromEntries(slotsIn(kind).map(slot => [slot, valueOf(slot, client, random)]));

/** Whether a second fact of the kind would be about the same thing: the one thing, or that of the same site or name. */
function isSame(kind, one, other) {
  const keys = ['site', 'drive', kind.name].filter(key => key && key in one);
  return keys.length === 0 || keys.every(key => one[key] === other[key]);
}

function turnsOf(kind, values, random) {
  const pair = kind.pair && random.is(IN_A_PAIR) ? random.one(kind.pair) : [random.one(kind.said)];
  return pair.map(text => filled(text, values));
}

function otherThan(value, slot, client, random) {
  for (;;) {
    const other = valueOf(slot, client, random);
    if (other !== value) return other;
  }
}
