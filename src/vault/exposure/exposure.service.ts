import { Injectable } from '@nestjs/common';
import { Audit, type AuditFact } from '../../core/audit/audit.service.js';
import { requireReach } from '../../core/context/actor.js';
import { AuthorizationError, NotFoundError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { decodeMomentIfSet } from '../../core/database/values.js';
import { oneOf, parseLogQuery } from '../../core/resource/logs/log-query.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { RotationService } from '../credentials/rotation.service.js';
import type { Demanded, Exposure, ExposurePage, Knower } from './exposure.answers.js';
import { present, REDEEMED, SAW, SINCE, WAS_SET } from './seen.js';

/** Whose exposure is asked for; of the vault that of everything which the caller sees. */
export type Subject = { of: 'client' | 'user' | 'token'; id: string } | { of: 'vault'; id: null };

interface Known {
  credential_id: string;
  rotation_demand: string | null;
}

/** Credentials that one unit marks: it holds SQLite's writer. */
const BATCH = 50;
/** Credentials that one call marks. */
export const MOST = 1_000;
const IS_KNOWN = `CASE WHEN MAX(seen.wrote_at) IS NOT NULL OR COALESCE(MAX(seen.last_at) >= ${SINCE}, 0) = 1 THEN 1 ELSE 0 END AS is_known`;
/** People that a summary names. */
const MOST_PEOPLE = 1_000;

/** Who knows which secret: has revealed it, or has written it, and whether it was rotated since. */
@Injectable()
export class Exposures {
  constructor(
    private readonly units: Units,
    private readonly credentials: CredentialsService,
    private readonly rotations: RotationService,
    private readonly audit: Audit,
  ) {}

  /** @param raw `rotated_since` (true, false), `skip`, `limit` */
  async list(subject: Subject, raw: RawQuery): Promise<ExposurePage> {
    const shredded = await this.requireKnown(subject);
    const query = parseLogQuery(raw, { rotated_since: oneOf('rotated_since', ['true', 'false']) }, 0);
    const wanted = [raw.rotated_since ?? []].flat();
    const having = wanted.length === 1 ? ` HAVING is_known = ${wanted[0] === 'true' ? 0 : 1}` : '';
    const { sql, values } = this.pairs(subject, shredded);
    const { skip, limit } = query;
    const rows = await this.units.sql.scan<Row>(
      'SELECT seen.credential_id, credentials.client_id, credentials.name, credentials.service_name, seen.user_id, seen.address, ' +
        'COALESCE(people.name, MAX(seen.actor_name)) AS user_name, COALESCE(people.is_active, 0) AS is_active, ' +
        'SUM(seen.times) AS times, MIN(seen.first_at) AS first_at, MAX(seen.last_at) AS last_at, MAX(seen.wrote_at) AS wrote_at, ' +
        `credentials.rotation_demand, ${IS_KNOWN}, COUNT(*) OVER () AS total ${sql}${having} ` +
        `ORDER BY seen.credential_id DESC, seen.user_id, seen.holder, seen.address LIMIT ${limit} OFFSET ${skip}`,
      values,
    );
    const total = rows[0]
      ? Number(rows[0].total)
      : await this.count(`SELECT seen.credential_id, ${IS_KNOWN} ${sql}${having}`, values);
    await this.audit.recordRead(readFact(subject, { shown: rows.length, total, skip }));
    return { items: rows.map(shown), total, skip, limit, next: null };
  }

  /**
   * Marks the credentials whose present secret is exposed, until they are rotated: at most {@link MOST} in one call.
   * What somebody wants rotated already keeps that reason.
   *
   * @throws AuthorizationError for an access token
   */
  async demand(subject: Subject, reason: string): Promise<Demanded> {
    if (currentActor().token)
      throw new AuthorizationError('An access token demands no rotations: log in for that');
    await this.requireKnown(subject);
    const rows = await this.knownTo(subject);
    const marked = new Set(rows.filter(one => one.rotation_demand).map(one => one.credential_id));
    const open = [...new Set(rows.map(one => one.credential_id))].filter(id => !marked.has(id));
    const ids = open.slice(0, MOST);
    for (let from = 0; from < ids.length; from += BATCH)
      await this.units.run(async () => {
        for (const id of ids.slice(from, from + BATCH))
          await this.rotations.demand(id, reason, { exposed_by: `${subject.of} ${subject.id}` });
      });
    return { demanded: ids.length, demanded_before: marked.size, remaining: open.length - ids.length };
  }

  /** What a user knows, or an access token has shown: the credentials whose present secret is exposed, and their demands. */
  async knownTo(subject: Subject): Promise<Known[]> {
    const { sql, values } = this.pairs(subject);
    return this.units.sql.scan<Known>(
      `SELECT seen.credential_id, credentials.rotation_demand, ${IS_KNOWN} ${sql} HAVING is_known = 1`,
      values,
    );
  }

  private async count(pairs: string, values: Clause['values']): Promise<number> {
    const [row] = await this.units.sql.scan<{ total: number }>(
      `SELECT COUNT(*) AS total FROM (${pairs}) pairs`,
      values,
    );
    return Number(row?.total ?? 0);
  }

  /** Who knows secrets of a client, or any at all, and how many; the first {@link MOST_PEOPLE}, who know most first. */
  async people(client_id: string | null): Promise<{ people: Knower[]; people_total: number }> {
    const subject: Subject = client_id === null ? { of: 'vault', id: null } : { of: 'client', id: client_id };
    const { sql, values } = this.pairs(subject, await this.requireKnown(subject));
    const rows = await this.units.sql.scan<Row>(
      'SELECT pair.user_id, MAX(pair.user_name) AS user_name, MAX(pair.is_active) AS is_active, COUNT(*) AS credentials, ' +
        'SUM(pair.is_known) AS known, MAX(pair.last_at) AS last_at, COUNT(*) OVER () AS total FROM ' +
        `(SELECT seen.user_id, seen.holder, COALESCE(people.name, MAX(seen.actor_name)) AS user_name, COALESCE(people.is_active, 0) AS is_active, ` +
        `MAX(seen.last_at) AS last_at, ${IS_KNOWN} ${sql}) pair GROUP BY pair.user_id, pair.holder ` +
        `ORDER BY known DESC, credentials DESC, pair.user_id LIMIT ${MOST_PEOPLE}`,
      values,
    );
    const total = Number(rows[0]?.total ?? 0);
    await this.audit.recordRead(readFact(subject, { people: total }));
    return { people: rows.map(knower), people_total: total };
  }

  /** Pairs of a credential that the caller sees and a person, grouped; of a client whose secrets are gone, archived ones. */
  private pairs(subject: Subject, shredded = false): Clause {
    const { of, id } = subject;
    const isOfPerson = of === 'user' || of === 'token';
    const is = (column: string): Clause => ({ sql: `${column} = ?`, values: [id] });
    const saw = isOfPerson ? is(SEEN_BY[of]) : ofClient(id);
    const wrote = isOfPerson ? is('written.author_id') : ofClient(id);
    const strangers = isOfPerson ? { sql: '', values: [] } : byLinks(id);
    const { sql, values } = allOf([
      ...this.credentials.visible(),
      ...(shredded ? [] : [{ sql: 'credentials.archived_at IS NULL', values: [] }]),
    ]);
    return {
      sql:
        'FROM (SELECT journal.resource_id AS credential_id, journal.actor_id AS user_id, MAX(journal.actor_name) AS actor_name, ' +
        'COUNT(*) AS times, MIN(journal.at) AS first_at, MAX(journal.at) AS last_at, NULL AS wrote_at, NULL AS holder, NULL AS address FROM journal ' +
        `JOIN credentials ON credentials.id = journal.resource_id WHERE ${saw.sql} AND ${SAW} ` +
        'GROUP BY journal.resource_id, journal.actor_id UNION ALL ' +
        'SELECT written.credential_id, written.author_id, NULL, 0, NULL, NULL, MAX(written.created_at), NULL, NULL FROM credential_secrets written ' +
        `JOIN credentials ON credentials.id = written.credential_id WHERE ${wrote.sql} ` +
        `AND written.author_id IS NOT NULL AND ${shredded ? WAS_SET : 'written.sealed IS NOT NULL'} AND ${present('written')} ` +
        `GROUP BY written.credential_id, written.author_id${strangers.sql}) seen JOIN credentials ON credentials.id = seen.credential_id ` +
        `LEFT JOIN users people ON people.id = seen.user_id WHERE ${sql} GROUP BY seen.credential_id, seen.user_id, seen.holder, seen.address`,
      values: [...saw.values, ...wrote.values, ...strangers.values, ...values],
    };
  }

  /** Whether it is a client whose secrets are gone. An id that nobody has would look like somebody who has seen nothing. Who was deleted is known by the trail. */
  private async requireKnown({ of, id }: Subject): Promise<boolean> {
    requireReach(currentActor(), this.credentials.spec.path);
    if (of === 'vault') return false;
    const rows =
      of === 'client'
        ? await this.units.sql.select(...this.clientOf(id))
        : await this.units.sql.select(
            'SELECT 1 FROM users WHERE id = ? UNION ALL SELECT 1 FROM (SELECT n FROM journal WHERE actor_id = ? LIMIT 1) known',
            [id, id],
          );
    const [row] = rows;
    if (row) return Boolean(row.offboarded_at);
    const resource_type = of === 'client' ? 'Client' : 'User';
    throw new NotFoundError(`${resource_type} was not found`, { resource_type, resource_id: id });
  }

  private clientOf(id: string): [string, Clause['values']] {
    const allowed = clientRestriction(resourceOf(Client), currentActor());
    const { sql, values } = allOf([{ sql: 'clients.id = ?', values: [id] }, ...(allowed ? [allowed] : [])]);
    return [`SELECT offboarded_at FROM clients WHERE ${sql}`, values];
  }
}

const SEEN_BY = { user: 'journal.actor_id', token: 'journal.token_id' };

/** Of the table `credentials`; of every client when it is null. */
function ofClient(client_id: string | null): Clause {
  return client_id === null
    ? { sql: '1 = 1', values: [] }
    : { sql: 'credentials.client_id = ?', values: [client_id] };
}

/** Whoever has opened secrets of a client, or of any, by a link, and is nobody here: known by the link's maker and the address. */
function byLinks(client_id: string | null): Clause {
  const { sql, values } = ofClient(client_id);
  return {
    sql:
      ' UNION ALL SELECT journal.resource_id, NULL, MAX(journal.actor_name), COUNT(*), MIN(journal.at), MAX(journal.at), NULL, ' +
      "journal.actor_name, COALESCE(journal.ip, '') FROM journal JOIN credentials ON credentials.id = journal.resource_id " +
      `WHERE ${sql} AND ${REDEEMED} GROUP BY journal.resource_id, journal.actor_name, journal.ip`,
    values,
  };
}

function readFact({ of, id }: Subject, details: Record<string, unknown>): AuditFact {
  const client_id = of === 'client' ? id : null;
  const resource_type = of === 'vault' ? 'credential' : of;
  return { action: 'credential.exposure', resource_type, resource_id: id, client_id, details };
}

function shown(row: Row): Exposure {
  return {
    credential_id: String(row.credential_id),
    client_id: row.client_id as string | null,
    name: row.name as string | null,
    service_name: String(row.service_name),
    user_id: row.user_id as string | null,
    user_name: row.user_name as string | null,
    address: row.address as string | null,
    is_active: Number(row.is_active) === 1,
    times: Number(row.times),
    first_seen_at: decodeMomentIfSet(row.first_at),
    last_seen_at: decodeMomentIfSet(row.last_at),
    wrote_at: decodeMomentIfSet(row.wrote_at),
    rotated_since: Number(row.is_known) === 0,
    rotation_demand: row.rotation_demand as string | null,
  };
}

function knower(row: Row): Knower {
  return {
    user_id: row.user_id as string | null,
    user_name: row.user_name as string | null,
    is_active: Number(row.is_active) === 1,
    credentials: Number(row.credentials),
    known: Number(row.known),
    last_seen_at: decodeMomentIfSet(row.last_at),
  };
}
