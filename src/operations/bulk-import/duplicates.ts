import type { ResourceSpec } from '../../core/resource/resource.js';
import type { Planned } from './import-parts.service.js';
import { keyIn, matchKeys } from './match-keys.js';
import { SeenKeys } from './seen-keys.js';

/** Rows of a file that have a key of an earlier one, whichever key of the resource it is. */
export class Duplicates {
  private readonly seen = new SeenKeys();

  constructor(private readonly spec: ResourceSpec) {}

  refuse(planned: Planned[]): Planned[] {
    return planned.map(one => {
      if (one.kind !== 'create' && one.kind !== 'update') return one;
      const { row, line } = one;
      for (const [n, key] of matchKeys(this.spec).entries()) {
        const ownId = one.kind === 'update' ? one.id : undefined;
        const text = n === 0 ? ownId : keyIn(this.spec, key, one.body);
        const before = text === undefined ? undefined : this.seen.note(`${n} ${text}`, row);
        if (before === undefined) continue;
        const message = `is that of row ${before}, too`;
        return { row, line, kind: 'none', faults: [{ field: key.fields.at(-1) ?? 'id', message, rule: 'duplicate' }] }; // prettier-ignore
      }
      return one;
    });
  }
}
