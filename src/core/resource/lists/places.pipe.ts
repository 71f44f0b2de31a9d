import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationError } from '../../context/errors.js';
import { CountPipe } from '../../http/pipes/count.pipe.js';
import { MOST_PLACES } from './keyset.js';
import type { RawQuery } from './query-parts.js';

const LIMIT = new CountPipe(100, MOST_PLACES, { name: 'limit' });

/** The query of an answer that goes on behind a place, with its limit read: `limit`, `cursor`, and what `more` names. */
export interface PlacesQuery {
  limit: number;
  query: RawQuery;
}

/** 422 for every other parameter, as lists have it. */
@Injectable()
export class PlacesPipe implements PipeTransform<RawQuery, PlacesQuery> {
  private readonly known: readonly string[];

  constructor(...more: string[]) {
    this.known = ['limit', 'cursor', ...more];
  }

  transform(query: RawQuery): PlacesQuery {
    const faults = Object.keys(query)
      .filter(name => !this.known.includes(name))
      .map(name => ({
        field: name.slice(0, 100),
        message: `is not a parameter here; these are ${this.known.join(', ')}`,
        rule: 'unknown',
      }));
    if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
    return { limit: LIMIT.transform(query.limit as string | undefined), query };
  }
}
