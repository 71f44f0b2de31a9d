import { isDeepStrictEqual } from 'node:util';
import { User } from '../../core/access/user.entity.js';
import { inParts, placeholders, type Row, type Sql } from '../../core/database/sql.js';
import { decoderOf } from '../../core/table/codec.js';
import { resourceOf } from '../../core/resource/resource.js';
import { CredentialPermission } from '../../vault/permissions/credential-permission.entity.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, orOk, some } from './finding.js';
import type { Patient } from './patient.js';

const AREA = 'rights';
const PART = 500;
/** What gives rights, and the fields that say which. */
const GIVING = [
  { type: CredentialPermission, fields: ['user_id', 'credential_id', 'client_id', 'level', 'expires_at'] },
  { type: User, fields: ['scopes', 'client_access', 'is_active'] },
];

type Said = Record<string, unknown>;

/** What the trail says of each row: the last value of each field, from oldest to newest entry. */
async function saidOf(sql: Sql, name: string, ids: string[]): Promise<Map<string, Said>> {
  const entries = await sql.select<{ resource_id: string; changes: string | null }>(
    'SELECT resource_id, changes FROM journal ' +
      `WHERE resource_id IN (${placeholders(ids.length)}) AND resource_type = ? AND changes IS NOT NULL ORDER BY n`,
    [...ids, name],
  );
  const said = new Map<string, Said>();
  for (const { resource_id, changes } of entries) {
    const told = JSON.parse(changes ?? '{}') as Record<string, [unknown, unknown]>;
    const after = Object.entries(told).map(([field, [, now]]) => [field, now]);
    said.set(resource_id, { ...said.get(resource_id), ...(Object.fromEntries(after) as Said) });
  }
  return said;
}

/** Rows that give other rights than the trail says: whoever may write into the database may have made them. */
async function unsaid(sql: Sql, { type, fields }: (typeof GIVING)[number]): Promise<Finding[]> {
  const { name, table, fields: declared } = resourceOf(type);
  const decode = decoderOf(declared.filter(one => one.name === 'id' || fields.includes(one.name)));
  const rows = await sql.select<Row>(`SELECT id, ${fields.join(', ')} FROM ${table} ORDER BY id`);
  const wrong: string[] = [];
  for (const part of inParts(decode(rows) as (Said & { id: string })[], PART)) {
    const said = await saidOf(
      sql,
      name,
      part.map(one => one.id),
    );
    for (const row of part) {
      const own = said.get(row.id);
      if (!own || fields.some(field => !isDeepStrictEqual(own[field] ?? null, row[field] ?? null)))
        wrong.push(row.id);
    }
  }
  if (wrong.length === 0) return [];
  const mend = `Ask who made them outside of Opskeep; run ${OPSKEEP} admin audit verify; take them back through the API`;
  return [
    fault(
      AREA,
      `${table}: ${some(wrong.length, 'row', wrong)} with rights that the trail does not tell of`,
      mend,
    ),
  ];
}

/** Whether every grant and every user has the rights that the trail tells of, and no others. */
export async function checkRights({ main }: Patient): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const giving of GIVING) found.push(...(await unsaid(main.connections.reader, giving)));
  return orOk(AREA, 'Grants and users have the rights that the trail tells of', found);
}
