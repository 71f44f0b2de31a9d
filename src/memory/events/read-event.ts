import { kindOf } from '../../formats/memory-event.js';
import { type Told, toldIn } from '../compression/conversation-summary.js';
import { type Decided, readDecision } from './decision-reading.js';
import type { PreparedEvent } from './prepared-event.js';

/** An event, and what it tells: all that takes time is done before its unit begins. */
export interface ReadEvent {
  event: PreparedEvent;
  /** Of one that tells of its conversation and project. */
  told?: Told & { decided: Decided[] };
  /** How long it takes to store, as a part of what one unit may hold. */
  weight: number;
}

/**
 * How much one unit may store before others are let in to the database. Rows, their entries in the index and what is
 * found by them weigh; with these figures a unit takes some tens of milliseconds.
 */
const OF_EVENT = 1 / 20;
const OF_CHARACTER = 1 / 60_000;
const OF_DECISION = 1 / 25;

/** Reads an event. Takes time in proportion to its length. */
export function readEvent(event: PreparedEvent): ReadEvent {
  const { kind, text, at } = event;
  const told = kindOf(kind).tells && toldIn(text, at);
  const decided = (told?.summary.decisions ?? []).map(one => ({
    ...one,
    at,
    read: readDecision(one.decision),
  }));
  const weight = OF_EVENT + text.length * OF_CHARACTER + decided.length * OF_DECISION;
  return { event, weight, ...(told && { told: { ...told, decided } }) };
}

const timeOf = ({ event }: { event: PreparedEvent }) => event.at;

/** In the order in which it happened. */
export function inTime<T extends { event: PreparedEvent }>(events: readonly T[]): T[] {
  return events.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0));
}

/** The events in parts, each of which one unit may store; of one that weighs more alone. */
export function inUnits(events: readonly ReadEvent[]): ReadEvent[][] {
  const parts: ReadEvent[][] = [];
  let room = 0;
  for (const one of events) {
    const part = parts.at(-1);
    if (part && one.weight <= room) part.push(one);
    else parts.push([one]);
    room = (part && one.weight <= room ? room : 1) - one.weight;
  }
  return parts;
}
