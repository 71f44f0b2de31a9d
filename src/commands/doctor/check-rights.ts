import { isDeepStrictEqual } from 'node:util';
import { AccessToken } from '../../core/access/access-tokens/access-token.entity.js';
import { User } from '../../core/access/user.entity.js';
import { inParts, type Row, type Sql } from '../../core/database/sql.js';
import { decoderOf } from '../../core/table/codec.js';
import { defaultOf, type FieldSpec } from '../../core/table/field-spec.js';
import { resourceOf } from '../../core/resource/resource.js';
import { Webhook } from '../../operations/webhooks/webhook.entity.js';
import { Credential } from '../../vault/credentials/credential.entity.js';
import { CredentialPermission } from '../../vault/permissions/credential-permission.entity.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, orOk, some, warning } from './finding.js';
import type { Patient } from './patient.js';
import { type Told, toldByTrail } from './told-by-trail.js';

const AREA = 'rights';
const PART = 500;
/** What gives rights, and the fields that say which; what is secret of them stands in no entry. */
const GIVING = [
  { type: CredentialPermission, fields: ['user_id', 'credential_id', 'client_id', 'level', 'expires_at'] },
  { type: User, fields: ['scopes', 'client_access', 'client_ids', 'is_active'] },
  {
    type: AccessToken,
    fields: [
      'user_id', 'scopes', 'resources', 'credential_ids', 'actions', 'client_access', 'client_ids', 'cidrs', 'max_uses',
      'expires_at', 'revoked_at',
    ], // prettier-ignore
  },
  { type: Credential, fields: ['client_id', 'owner_id', 'visibility', 'reveal_policy'] },
  { type: Webhook, fields: ['user_id', 'url', 'events'] },
];

type Stored = Record<string, unknown> & { id: string };

/** Of a field that no entry tells of, the value that rows had before it was there. */
function isAsTold({ values }: Told, field: FieldSpec, value: unknown): boolean {
  if (field.name in values) return isDeepStrictEqual(values[field.name] ?? null, value ?? null);
  return value === null || isDeepStrictEqual(defaultOf(field), value);
}

/** Rows that give other rights than the trail says: whoever may write into the database may have made them. */
async function unsaid(sql: Sql, { type, fields: names }: (typeof GIVING)[number]): Promise<Finding[]> {
  const { name, table, fields: declared, byName } = resourceOf(type);
  const fields = names.flatMap(one => byName.get(one) ?? []);
  const decode = decoderOf(declared.filter(one => one.name === 'id' || names.includes(one.name)));
  const rows = await sql.select<Row>(`SELECT id, ${names.join(', ')} FROM ${table} ORDER BY id`);
  const [wrong, cut]: [string[], string[]] = [[], []];
  for (const part of inParts(decode(rows) as Stored[], PART)) {
    const ids = part.map(one => one.id);
    const told = await toldByTrail(sql, name, ids);
    for (const row of part) {
      const own = told.get(row.id);
      if (!own || fields.some(one => !own.cut.has(one.name) && !isAsTold(own, one, row[one.name])))
        wrong.push(row.id);
      else if (fields.some(one => own.cut.has(one.name))) cut.push(row.id);
    }
  }
  return [
    ...(wrong.length > 0
      ? [
          fault(
            AREA,
            `${table}: ${some(wrong.length, 'row', wrong)} with rights that the trail does not tell of`,
            `Ask who made them outside of Opskeep; run ${OPSKEEP} admin audit verify; take them back through the API`,
          ),
        ]
      : []),
    ...(cut.length > 0
      ? [
          warning(
            AREA,
            `${table}: ${some(cut.length, 'row', cut)} with lists that are longer than what an entry holds: these were not compared`,
            'Look at these lists yourself: the trail tells their first items',
          ),
        ]
      : []),
  ];
}

/** Whether what gives rights is as the trail tells, and nothing else gives any. */
export async function checkRights({ main }: Pick<Patient, 'main'>): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const giving of GIVING) found.push(...(await unsaid(main.connections.reader, giving)));
  return orOk(
    AREA,
    'Grants, users, access tokens, credentials and webhooks give the rights that the trail tells of; hashes of passwords and tokens, ' +
      'which stand in no entry, are not looked at',
    found,
  );
}
