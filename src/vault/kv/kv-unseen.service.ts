import { Injectable } from '@nestjs/common';
import { refusing } from '../../core/audit/refusals.js';
import { NotFoundError } from '../../core/context/errors.js';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { isUuid } from '../../core/database/values.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { uniqueKey } from '../../core/table/unique-key.js';
import { namesOf, POOL, PRIVATE, whereCalled } from './kv-names.js';

/** What the actor does not find by a name. */
@Injectable()
export class KvUnseen {
  constructor(private readonly units: Units) {}

  /**
   * 404, and for the trail the credential that the path names for others. Where there is none, the trail has an id that
   * no row has, the same for the same path: as with ids that are guessed, either takes the same time.
   */
  async refusal(client: string, credential: string): Promise<NotFoundError> {
    const names = namesOf(credential);
    const { sql, values } = allOf([placeClause(client), whereCalled(names)]);
    const [meant] = await this.units.sql.select<{ id: string }>(
      'SELECT credentials.id FROM credentials LEFT JOIN clients ON clients.id = credentials.client_id ' +
        `WHERE ${sql} ORDER BY CASE WHEN credentials.name IN (${placeholders(names.length)}) THEN 0 ELSE 1 END, ` +
        'credentials.id LIMIT 1',
      [...values, ...names],
    );
    return refusing(new NotFoundError('Credential was not found'), {
      action: 'credential.view',
      resource_type: 'credential',
      resource_id: meant?.id ?? madeUp(`${client}/${credential}`),
      details: { kv: true },
    });
  }
}

function placeClause(client: string): Clause {
  if (client === POOL || client === PRIVATE)
    return { sql: 'credentials.client_id IS NULL AND credentials.visibility = ?', values: [client] };
  if (isUuid(client)) return { sql: 'credentials.client_id = ?', values: [client.toLowerCase()] };
  const keys = namesOf(client).map(name => uniqueKey(name));
  return { sql: `clients.name_key IN (${placeholders(keys.length)})`, values: keys };
}

/** A UUID of version 8 (RFC 9562), of which no row has one. */
function madeUp(path: string): string {
  const key = uniqueKey(path);
  const [first, second, third, fourth, last] = [
    [0, 8],
    [8, 12],
    [12, 15],
    [15, 18],
    [18, 30],
  ].map(([from, to]) => key.slice(from, to));
  return `${first}-${second}-8${third}-8${fourth}-${last}`;
}
