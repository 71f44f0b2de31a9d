import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import type { Row, SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { DAY_MS, encodeMoment } from '../../core/database/values.js';
import { behindPlace, type OrderKey, placeText } from '../../core/resource/lists/keyset.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { type CertificateOf, Certificates } from './certificates.service.js';
import { type Ending, endingColumns, endingOf } from './ending.js';
import { type ExpirationKind, type Source, SOURCES } from './sources.js';

export interface Expiration extends Ending {
  kind: ExpirationKind;
  resource: string;
  id: string;
  client_id: string | null;
  /** Of the kind `certificate`. */
  certificate: CertificateOf | null;
}
export interface Expirations {
  items: Expiration[];
  limit: number;
  next: string | null;
}
export interface ExpirationsQuery {
  within_days: number;
  kinds?: readonly ExpirationKind[];
  client_id?: string;
  limit: number;
  cursor?: string | string[];
}

const ORDER: readonly OrderKey[] = [
  ['due.at', 'moment'],
  ['due.own_key', 'uuid'],
  ['due.kind', 'text'],
];

/** One feed of what ends: everything that the caller sees, the most pressing first. */
@Injectable()
export class ExpirationsService {
  constructor(
    private readonly units: Units,
    private readonly registry: ResourceRegistry,
    private readonly certificates: Certificates,
  ) {}

  /** What ends within so many days, and what has ended and was not mended. */
  async list({ within_days, kinds, client_id, limit, cursor }: ExpirationsQuery): Promise<Expirations> {
    const at = Date.now();
    const until = encodeMoment(new Date(at + within_days * DAY_MS).toISOString());
    const behind = allOf(behindPlace(ORDER, cursor));
    const wanted = SOURCES.filter(
      ({ kind, spec }) =>
        (kinds?.includes(kind) ?? true) &&
        (client_id === undefined || spec.byName.has('client_id')) &&
        reaches(currentActor(), spec.path),
    );
    if (wanted.length === 0) return { items: [], limit, next: null };
    const parts = wanted.map(one => this.part(one, until, client_id));
    const text =
      `SELECT due.* FROM (${parts.map(one => one.sql).join(' UNION ALL ')}) due WHERE ${behind.sql} ` +
      `ORDER BY due.at, due.own_key, due.kind LIMIT ${limit + 1}`;
    const values = [...parts.flatMap(one => one.values), ...behind.values];
    const found = await this.units.sql.scan<Row>(text, values);
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last ? placeText([String(last.at), String(last.own_key), String(last.kind)]) : null;
    return { items: await this.named(shown, wanted, at), limit, next };
  }

  private part(one: Source, until: string, client_id?: string): Clause {
    const { dialect } = this.units.sql;
    const { spec, join = '', where } = one;
    // MariaDB gives the parts of a union one collation, which the constants have to share.
    const kind = dialect === 'sqlite' ? `'${one.kind}'` : `CAST('${one.kind}' AS CHAR(40))`;
    const at = one.at(dialect);
    const clauses: Clause[] = [
      { sql: `${at} <= ? AND ${where}`, values: [until] },
      ...(this.registry.of(spec.type)?.visible() ?? []),
      ...(client_id === undefined
        ? []
        : [{ sql: `${spec.table}.client_id = ?`, values: [client_id] as SqlValue[] }]),
    ];
    const { sql, values } = allOf(clauses);
    return {
      sql: `SELECT ${kind} AS kind, ${endingColumns(one, dialect)} FROM ${spec.table} ${join} WHERE ${sql}`,
      values,
    };
  }

  /** One query for each resource that has rows here. */
  private async named(rows: Row[], sources: Source[], now: number): Promise<Expiration[]> {
    const sourceOf = (row: Row) => sources.find(one => one.kind === row.kind) as Source;
    const names = new Map<string, string>();
    for (const spec of new Set(sources.map(one => one.spec))) {
      const ids = rows.filter(row => sourceOf(row).spec === spec).map(row => String(row.id));
      const found =
        ids.length > 0 ? await this.registry.of(spec.type)?.namesOf([...new Set(ids)]) : undefined;
      for (const [id, name] of found ?? []) names.set(id, name);
    }
    const certificates = await this.certificates.of(
      rows.filter(row => row.kind === 'certificate').map(row => String(row.id)),
    );
    return rows.map(row => ({
      kind: row.kind as ExpirationKind,
      ...endingOf(sourceOf(row), row, names.get(String(row.id)) ?? null, now),
      resource: sourceOf(row).spec.path,
      id: String(row.id),
      client_id: (row.client_id as string | null) ?? null,
      certificate: (row.kind === 'certificate' && certificates.get(String(row.id))) || null,
    }));
  }
}
