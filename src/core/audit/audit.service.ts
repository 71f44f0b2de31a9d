import { Injectable, OnApplicationShutdown } from '@nestjs/common';
import { KeyRing } from '../crypto/key-ring.js';
import { isRetryable } from '../database/database-errors.js';
import { MainDatabase } from '../database/main-database.js';
import { newId } from '../database/new-id.js';
import { inParts, placeholders, Row, SqlValue } from '../database/sql.js';
import { Units } from '../database/units.js';
import { OpskeepError, UnavailableError } from '../context/errors.js';
import { currentContext } from '../context/request-context.js';
import { encode } from '../table/codec.js';
import { storedOf } from '../table/stored.js';
import { boundedJson } from './bounded-json.js';
import { JournalEntry, Outcome } from './journal-entry.entity.js';
import { routeTarget } from './route-target.js';
import { journalMac } from './journal-mac.js';
import { OwedEntries } from './owed-entries.js';
import { Sequencer } from './seals/sequencer.js';
import { SharedInsert } from './shared-insert.js';

/** What happened, as a service tells it; who, where and when come from the request. */
export interface AuditFact {
  /** `credential.decrypt`, `auth.login`, … */
  action: string;
  resource_type?: string;
  resource_id?: string | null;
  client_id?: string | null;
  /** The name at that time. */
  name?: string | null;
  outcome?: Outcome;
  /** Names of changed fields, reasons, counts; never a secret. */
  details?: Record<string, unknown>;
  /** Non-secret values as [before, after]. */
  changes?: Record<string, [unknown, unknown]>;
  /** For entries about somebody who is not logged in (yet). */
  actor?: { type: JournalEntry['actor_type']; id: string | null; name: string | null };
  /** The access token by which it was done or tried; that of the actor when absent. */
  token_id?: string;
}

const BATCH = 500;
const PURPOSE = 'audit';
/** How long anybody waits for the trail. */
const PATIENCE_MS = 2_000;

const cut = (text: string | null | undefined, length: number) =>
  !text ? null : text.length <= length ? text : [...text].slice(0, length).join('');

/**
 * Writes the journal: changes inside their own transaction, reads of secrets before their answer. If an
 * entry cannot be written, the change is undone and the read is not answered (503).
 */
@Injectable()
export class Audit implements OnApplicationShutdown {
  private readonly columns = storedOf(JournalEntry).fields.filter(one => !one.generated);
  private readonly reads = new SharedInsert(
    { write: (rows, patience) => this.write(rows, patience), missing: rows => this.missing(rows) },
    PATIENCE_MS,
  );
  private readonly owed = new OwedEntries(rows => this.commitMissing(rows));

  constructor(
    private readonly units: Units,
    private readonly database: MainDatabase,
    private readonly keys: KeyRing,
    private readonly sequencer: Sequencer,
  ) {
    units.beforeEveryCommit(changed => {
      if (changed && units.gathered(PURPOSE) === 0) this.record(unnamedFact());
    });
  }

  /** Adds an entry to the running unit; it commits with the change or not at all. */
  record(...facts: AuditFact[]): void {
    const rows = facts.map(fact => this.rowOf(fact));
    this.units.beforeCommit(PURPOSE, rows, all => this.insert(all));
  }

  /** Whether the request, or the running unit, has an entry by now. */
  get hasRecorded(): boolean {
    return currentContext()?.recorded === true || this.units.gathered(PURPOSE) > 0;
  }

  /**
   * Resolves when the entries are committed; reads in flight share one insert and one commit. Inside of a unit they
   * are committed with it, and those of what was refused or failed after it, however it ends.
   *
   * @throws UnavailableError when they cannot be written, or are not within two seconds; nothing may leave then
   */
  async recordRead(...facts: AuditFact[]): Promise<void> {
    if (!this.units.active) return this.commit(facts.map(fact => this.rowOf(fact)));
    const happened = (fact: AuditFact) => (fact.outcome ?? 'ok') === 'ok';
    this.record(...facts.filter(happened));
    const others = facts.filter(fact => !happened(fact)).map(fact => this.rowOf(fact));
    if (others.length > 0) await this.units.afterEnd(() => this.commit(others));
  }

  /**
   * For what did not happen, and so waits for nothing: entries that cannot be written now are written later. Resolves
   * with their ids.
   *
   * @throws UnavailableError when too many wait already
   */
  async recordRefused(...facts: Omit<AuditFact, 'outcome'>[]): Promise<string[]> {
    const rows = facts.map(fact => this.rowOf({ ...fact, outcome: 'refused' }));
    try {
      await this.commit(rows);
    } catch (error) {
      if (!this.owed.add(rows)) throw error;
    }
    return rows.map(row => row.id as string);
  }

  onApplicationShutdown(): Promise<void> {
    return this.owed.pay();
  }

  private async commitMissing(rows: Row[]): Promise<void> {
    const missing = await this.missing(rows);
    if (missing.length > 0) await this.commit(missing);
  }

  /** Without those of which the answer alone was lost. */
  private async missing(rows: Row[]): Promise<Row[]> {
    const found = new Set<string>();
    for (const part of inParts(rows.map(row => row.id as string))) {
      const text = `SELECT id FROM journal WHERE id IN (${placeholders(part.length)})`;
      const there = await this.database.connections.reader.select<{ id: string }>(text, part);
      for (const { id } of there) found.add(id);
    }
    return rows.filter(row => !found.has(row.id as string));
  }

  private async commit(rows: Row[]): Promise<void> {
    try {
      await this.reads.add(rows);
    } catch (error) {
      throw unwritable(error);
    }
    noteRecorded();
  }

  private async write(rows: Row[], patience: number): Promise<void> {
    const { text, values } = await this.statement(rows);
    await this.database.connections.commitOne(text, values, patience);
    this.sequencer.wake();
  }

  private async insert(rows: Row[]): Promise<void> {
    try {
      for (let from = 0; from < rows.length; from += BATCH) {
        const { text, values } = await this.statement(rows.slice(from, from + BATCH));
        await this.units.sql.change(text, values, PATIENCE_MS);
      }
      noteRecorded();
      this.units.afterCommit(() => this.sequencer.wake());
    } catch (error) {
      throw unwritable(error);
    }
  }

  private async statement(rows: Row[]): Promise<{ text: string; values: SqlValue[] }> {
    await this.keys.useSystem('audit-mac', undefined, (key, version) => {
      for (const row of rows) {
        row.mac_key_version = version;
        row.mac = journalMac(key, row);
      }
    });
    const line = `(${placeholders(this.columns.length)})`;
    const names = this.columns.map(one => one.name).join(', ');
    return {
      text: `INSERT INTO journal (${names}) VALUES ${rows.map(() => line).join(', ')}`,
      values: rows.flatMap(row => this.columns.map(one => (row[one.name] ?? null) as SqlValue)),
    };
  }

  /** The entry as it will be stored, so that the MAC covers what a verification reads. */
  private rowOf(fact: AuditFact): Row {
    const context = currentContext();
    const actor = context?.actor;
    const who = fact.actor ?? {
      type: actor?.token ? 'token' : (actor?.kind ?? 'anonymous'),
      id: actor?.id ?? null,
      name: actor?.name ?? null,
    };
    const entry: Row = {
      id: newId(),
      at: new Date().toISOString(),
      actor_type: who.type,
      actor_id: cut(who.id, 100),
      actor_name: cut(who.name, 255),
      action: cut(fact.action, 60),
      resource_type: fact.resource_type,
      resource_id: cut(fact.resource_id, 100),
      client_id: fact.client_id,
      name: cut(fact.name, 500),
      outcome: fact.outcome ?? 'ok',
      ip: cut(context?.ip, 45),
      user_agent: cut(context?.user_agent, 300),
      request_id: cut(context?.request_id, 100),
      client_request_id: cut(context?.client_request_id, 100),
      token_id: fact.token_id ?? actor?.token?.id,
      details: boundedJson({ ...context?.details, ...fact.details }),
      changes: boundedJson(fact.changes),
    };
    for (const one of this.columns) entry[one.name] = encode(one, entry[one.name]);
    return entry;
  }
}

function noteRecorded(): void {
  const context = currentContext();
  if (context) context.recorded = true;
}

/** For changes that nobody has named: the route, or the command, and the row that its path names. */
export function unnamedFact(): AuditFact {
  const { route } = currentContext() ?? {};
  if (!route) return { action: 'system.change' };
  const { method, pattern, params } = route;
  const name = `${method} ${pattern ?? '(no route)'}`;
  const { resource_type, resource_id } = routeTarget(method, pattern, params);
  return { action: name, resource_type, resource_id, details: { route: name } };
}

/** A unit that will run anew keeps its error; everything else means that nothing may happen unrecorded. */
function unwritable(error: unknown): Error {
  if (error instanceof OpskeepError || isRetryable(error)) return error as Error;
  return new UnavailableError('The audit trail cannot be written', { cause: error });
}
