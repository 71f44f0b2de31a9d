import type { Place } from '../../formats/sealed-value.js';

/** Where a value was that did not open. */
export type FailedPlace = Place;
/** Who hears of a sealed value that did not open; `purpose` is what it was opened for. */
export type OpeningListener = (place: Place, purpose: OpeningPurpose) => void;
/** To be used, or to be sealed for another key. */
export type OpeningPurpose = 'open' | 'reseal';

/** Counts the sealed values that did not open since this process has started, and tells of each. */
export class OpeningFailures {
  private readonly byTable = new Map<string, number>();
  private readonly listeners: OpeningListener[] = [];

  /** By table. */
  get counts(): ReadonlyMap<string, number> {
    return this.byTable;
  }

  get total(): number {
    return [...this.byTable.values()].reduce((sum, count) => sum + count, 0);
  }

  on(listener: OpeningListener): void {
    this.listeners.push(listener);
  }

  note(place: Place, purpose: OpeningPurpose): void {
    this.byTable.set(place.table, (this.byTable.get(place.table) ?? 0) + 1);
    for (const listener of this.listeners) listener(place, purpose);
  }
}
