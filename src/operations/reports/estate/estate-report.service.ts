import { Injectable } from '@nestjs/common';
import { requireReach } from '../../../core/context/actor.js';
import { currentActor } from '../../../core/context/request-context.js';
import type { Row } from '../../../core/database/sql.js';
import { Units } from '../../../core/database/units.js';
import { DAY_MS } from '../../../core/database/values.js';
import { allOf, type Clause } from '../../../core/table/clause.js';
import { ClientsService } from '../../../directory/clients/clients.service.js';
import { InfrastructureService } from '../../../estate/infrastructure/infrastructure.service.js';
import { bounded, MOST_ROWS } from '../report.js';
import type { Asked } from '../report-queries.service.js';
import { type Age, AGES, type EstateByAge, type Warranty, WARRANTIES } from './estate.answers.js';

const SOON_DAYS = 90;
const MOST_CLIENTS = 1_000;
const COLUMNS = ['id', 'client_id', 'hostname', 'asset_type', 'manufacturer', 'model', 'serial_number', 'purchased_on', 'warranty_expires_on']; // prettier-ignore

/** What is not decommissioned, by its age and its warranty. */
@Injectable()
export class EstateReport {
  constructor(
    private readonly units: Units,
    private readonly infrastructure: InfrastructureService,
    private readonly clients: ClientsService,
  ) {}

  /** Three queries, and one for names. */
  async report({ frame, today }: Asked): Promise<EstateByAge> {
    requireReach(currentActor(), this.infrastructure.spec.path);
    const among = allOf([
      ...this.infrastructure.visible(),
      { sql: "infrastructure.status <> 'decommissioned'", values: [] },
      ...(frame.client_id === null
        ? []
        : [{ sql: 'infrastructure.client_id = ?', values: [frame.client_id] }]),
    ]);
    const groups = await this.groups(among, today);
    const clients = await this.byClient(among, today);
    const rows = await this.rows(among, today);
    const ids = [...rows, ...clients].flatMap(one => one.client_id ?? []);
    const names = await this.clients.namesOf([...new Set(ids)]);
    const named = <T extends { client_id: string | null }>(one: T) => ({
      ...one,
      client_name: names.get(one.client_id ?? '') ?? null,
    });
    const sum = (column: 'age' | 'warranty', name: string) =>
      groups.reduce((total, one) => total + (one[column] === name ? Number(one.assets) : 0), 0);
    const total = groups.reduce((all, one) => all + Number(one.assets), 0);
    return {
      ...frame,
      from: null,
      to: null,
      ...bounded(rows.map(named), total),
      by_age: Object.fromEntries(AGES.map(one => [one, sum('age', one)])) as Record<Age, number>,
      by_warranty: Object.fromEntries(WARRANTIES.map(one => [one, sum('warranty', one)])) as Record<
        Warranty,
        number
      >,
      by_client: clients.map(named),
    };
  }

  private groups(among: Clause, today: string): Promise<Row[]> {
    const [age, warranty] = [ageSql(today), warrantySql(today)];
    return this.units.sql.scan<Row>(
      `SELECT ${age.sql} AS age, ${warranty.sql} AS warranty, COUNT(*) AS assets FROM infrastructure ` +
        `WHERE ${among.sql} GROUP BY 1, 2`,
      [...age.values, ...warranty.values, ...among.values],
    );
  }

  private async byClient(among: Clause, today: string) {
    const [age, warranty] = [ageSql(today), warrantySql(today)];
    const rows = await this.units.sql.scan<Row>(
      `SELECT known.client_id, COUNT(*) AS assets, SUM(CASE WHEN known.warranty = 'over' THEN 1 ELSE 0 END) AS ended, ` +
        `SUM(CASE WHEN known.warranty = 'ends_soon' THEN 1 ELSE 0 END) AS soon, ` +
        `SUM(CASE WHEN known.age = '5_or_more' THEN 1 ELSE 0 END) AS aged FROM ` +
        `(SELECT infrastructure.client_id, ${age.sql} AS age, ${warranty.sql} AS warranty FROM infrastructure WHERE ${among.sql}) known ` +
        `GROUP BY known.client_id ORDER BY ended DESC, assets DESC, known.client_id LIMIT ${MOST_CLIENTS}`,
      [...age.values, ...warranty.values, ...among.values],
    );
    return rows.map(row => ({
      client_id: row.client_id as string | null,
      assets: Number(row.assets),
      over: Number(row.ended),
      ends_soon: Number(row.soon),
      old: Number(row.aged),
    }));
  }

  private async rows(among: Clause, today: string) {
    const warranty = warrantySql(today);
    const ends = 'infrastructure.warranty_expires_on';
    const rows = await this.units.sql.scan<Row>(
      `SELECT ${COLUMNS.map(one => `infrastructure.${one}`).join(', ')}, ${warranty.sql} AS warranty FROM infrastructure ` +
        `WHERE ${among.sql} ORDER BY ${ends} IS NULL, ${ends}, infrastructure.id LIMIT ${MOST_ROWS}`,
      [...warranty.values, ...among.values],
    );
    return rows.map(row => ({
      infrastructure_id: String(row.id),
      client_id: row.client_id as string | null,
      hostname: String(row.hostname),
      asset_type: String(row.asset_type),
      manufacturer: row.manufacturer as string | null,
      model: row.model as string | null,
      serial_number: row.serial_number as string | null,
      purchased_on: row.purchased_on as string | null,
      age_years: yearsBetween(row.purchased_on as string | null, today),
      warranty_expires_on: row.warranty_expires_on as string | null,
      warranty: row.warranty as Warranty,
    }));
  }
}

/** The same day so many years before; of a 29 February the 1 March. */
function yearsBefore(day: string, years: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year - years, month - 1, date)).toISOString().slice(0, 10);
}

function yearsBetween(day: string | null, today: string): number | null {
  if (day === null) return null;
  return Math.round(((Date.parse(today) - Date.parse(day)) / DAY_MS / 365.25) * 10) / 10;
}

function ageSql(today: string): Clause {
  const bought = 'infrastructure.purchased_on';
  return {
    sql: `CASE WHEN ${bought} IS NULL THEN 'unknown' WHEN ${bought} > ? THEN 'under_1' WHEN ${bought} > ? THEN '1_to_3' WHEN ${bought} > ? THEN '3_to_5' ELSE '5_or_more' END`,
    values: [1, 3, 5].map(years => yearsBefore(today, years)),
  };
}

/** A warranty is over from the day on which it ends. */
function warrantySql(today: string): Clause {
  const ends = 'infrastructure.warranty_expires_on';
  const soon = new Date(Date.parse(today) + SOON_DAYS * DAY_MS).toISOString().slice(0, 10);
  return {
    sql: `CASE WHEN ${ends} IS NULL THEN 'unknown' WHEN ${ends} <= ? THEN 'over' WHEN ${ends} <= ? THEN 'ends_soon' ELSE 'holds' END`,
    values: [today, soon],
  };
}
