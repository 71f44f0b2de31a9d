import { Injectable, type PipeTransform } from '@nestjs/common';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { listOf } from '../../core/resource/lists/list-query.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { RecallBody } from './recall.bodies.js';

const NUMBERS = ['limit', 'min_relevance_score', 'max_tokens'];
const LISTS = ['tags', 'types', 'exclude_ids'];

/** The query of a GET as the body of a POST: `search_term` is `query`, lists are separated by commas. */
@Injectable()
export class RecallQueryPipe implements PipeTransform<RawQuery, Promise<RecallBody>> {
  transform({ search_term, ...query }: RawQuery): Promise<RecallBody> {
    const body: Record<string, unknown> = { ...query, query: query.query ?? search_term };
    for (const name of NUMBERS) if (query[name] !== undefined) body[name] = numberOf(query[name]);
    for (const name of LISTS) if (query[name] !== undefined) body[name] = listOf(query[name]);
    if (query.explain === 'true' || query.explain === 'false') body.explain = query.explain === 'true';
    return validateBody(RecallBody, body);
  }
}

const numberOf = (value: RawQuery[string]) =>
  typeof value === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
