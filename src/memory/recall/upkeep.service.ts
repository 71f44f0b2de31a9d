import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { systemActor } from '../../core/context/actor.js';
import { Logger } from '../../core/context/logger.js';
import { runAs } from '../../core/context/request-context.js';
import { lockRows } from '../../core/database/locks.js';
import { Units } from '../../core/database/units.js';
import { type ResourceEntity, type ResourceSpec, resourceOf } from '../../core/resource/resource.js';
import { Rows } from '../../core/table/rows.js';
import { Periodic } from '../../core/workers/periodic.js';
import { nextTurn } from '../../core/workers/turns.js';
import { RecallEntries } from './recall-entries.service.js';
import { RecallTerm } from './recall-term.entity.js';
import { SOURCES } from './sources.js';

/** Raised with every change of what an entry is made of: sources, kinds of speech, stems, stop words, spelling of tokens. */
const VERSION = 2;
/** The term under which the version stands that all entries have. */
const DONE = ' version';
/** After the start, so that a command that is soon done does none of it. */
const PAUSE_MS = 5_000;
/** What was cut off by a fault begins again then. */
const AGAIN_MS = 3_600_000;
/** Rows of one unit. */
const PART = 100;

/**
 * Makes the index of recall anew, in pieces behind the running server, where it was made in another way: by an older
 * version, or not at all for rows from before there was one. What is cut off begins again with the next start.
 */
@Injectable()
export class Upkeep implements OnModuleInit, OnApplicationShutdown {
  private readonly periodic = new Periodic(() => runAs(systemActor('memory'), () => this.renewAll()), {
    first: PAUSE_MS,
    every: AGAIN_MS,
    failed: error => this.logger.warn({ err: error }, 'the index of the memory could not be made anew'),
  });

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly entries: RecallEntries,
    private readonly audit: Audit,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.periodic.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.periodic.end();
  }

  /** Resolves when every row has an entry of this version; a fault is logged. */
  run(): Promise<void> {
    return this.periodic.now();
  }

  private async renewAll(): Promise<void> {
    const done = await this.rows.findOne(RecallTerm, { term: DONE, holder: '' });
    if (done && done.documents >= VERSION) return;
    for (const { type } of SOURCES) await this.renew(resourceOf(type));
    if (this.periodic.hasEnded) return;
    await this.units.run(async () => {
      // Terms are counted anew, too: entries that were made anew would count twice.
      await this.units.sql.change('DELETE FROM recall_terms');
      await this.rows.insert(RecallTerm, { term: DONE, holder: '', documents: VERSION });
      this.audit.record({ action: 'memory.indexed', details: { version: VERSION } });
    });
  }

  private async renew(spec: ResourceSpec): Promise<void> {
    const text = `SELECT id FROM ${spec.table} WHERE id > ? ORDER BY id LIMIT ${PART}`;
    for (let after = ''; !this.periodic.hasEnded; await nextTurn()) {
      const found = await this.units.sql.scan<{ id: string }>(text, [after]);
      const ids = found.map(({ id }) => id);
      const last = ids.at(-1);
      if (last === undefined) return;
      // Locked, so that nobody changes a row between its reading and its entry.
      await this.units.run(async () => {
        await lockRows(this.units.sql, spec.table, ids);
        const rows = await this.rows.find(spec.type, { id: ids });
        await this.entries.renew(spec, rows as ResourceEntity[]);
        this.audit.record({ action: 'memory.indexed', details: { rows: rows.length } });
      });
      after = last;
    }
  }
}
