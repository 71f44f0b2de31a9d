import { type Actor, isAdmin } from '../../core/context/actor.js';
import { type Dialect, placeholders } from '../../core/database/sql.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { managedBy } from '../credentials/managed.js';
import { revealable } from '../credentials/revealable.js';

/**
 * Administrators: all of the clients that they see. Others: what they have done themselves, and what was done or
 * refused on credentials they see. One's own refusals alone would tell the names behind guessed ids. Nobody learns
 * here that a secret which they may not reveal is equal to another one, or whose one is that they wrote down; who else has a grant, only who manages.
 */
export function visibleEntries(actor: Actor, visible: Clause[], dialect: Dialect): Clause[] {
  const about = { sql: "journal.resource_type = 'credential'", values: [] };
  const reach = undisclosedTo(actor, visible, dialect);
  if (isAdmin(actor)) return [about, ...reach];
  const seen = `journal.resource_id IN (SELECT credentials.id FROM credentials WHERE ${visible.map(one => one.sql).join(' AND ')})`;
  const managed = managedBy(actor);
  return [
    about,
    ...reach,
    {
      sql: `(journal.action NOT IN ('credential.grant', 'credential.revoke') OR journal.actor_id = ? OR journal.resource_id IN (${managed.sql}))`,
      values: [actor.id, ...managed.values],
    },
    {
      // Whose a secret is that somebody wrote down is told to who sees that credential alone.
      sql: `((journal.actor_id = ? AND journal.outcome <> 'refused' AND journal.action <> 'credential.mask') OR ${seen})`,
      values: [actor.id, ...visible.flatMap(one => one.values)],
    },
  ];
}

/** Holds for every entry, whatever it is about: the clients that the actor sees, and which secrets are equal. */
export function undisclosedTo(actor: Actor, visible: Clause[], dialect: Dialect): Clause[] {
  return [equality([...visible, revealable(actor)], dialect), ...clientClause(actor)];
}

/** That two secrets are equal, only for who may reveal both: whoever may reveal one of them would know the other. */
function equality(open: Clause[], dialect: Dialect): Clause {
  const { sql, values } = allOf(open);
  const may = `IN (SELECT credentials.id FROM credentials WHERE ${sql})`;
  const other = `${dialect === 'sqlite' ? 'json_extract' : 'JSON_VALUE'}(journal.details, '$.same_secret_as')`;
  return {
    sql:
      `(journal.action <> 'credential.view' OR journal.details IS NULL OR journal.details NOT LIKE '%"same_secret_as":%' ` +
      `OR (journal.resource_id ${may} AND ${other} ${may}))`,
    values: [...values, ...values],
  };
}

/**
 * As for rows: entries without a client are there for `all` and `except`; for `only` when they are one's own, or about
 * a private credential of one's own: its owner learns who broke the glass, and whom it was refused to.
 */
function clientClause({ id, client_access, client_ids }: Actor): Clause[] {
  const list = placeholders(client_ids.length) || 'NULL';
  if (client_access === 'only')
    return [
      {
        sql:
          `(journal.client_id IN (${list}) OR (journal.client_id IS NULL AND (journal.actor_id = ? OR ` +
          'journal.resource_id IN (SELECT o.id FROM credentials o WHERE o.owner_id = ? AND o.client_id IS NULL))))',
        values: [...client_ids, id, id],
      },
    ];
  if (client_access === 'except')
    return client_ids.length === 0
      ? []
      : [
          {
            sql: `(journal.client_id IS NULL OR journal.client_id NOT IN (${list}))`,
            values: [...client_ids],
          },
        ];
  return [];
}
