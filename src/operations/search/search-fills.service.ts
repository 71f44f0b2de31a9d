import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { systemActor } from '../../core/context/actor.js';
import { Logger } from '../../core/context/logger.js';
import { runAs } from '../../core/context/request-context.js';
import { lockRows } from '../../core/database/locks.js';
import { Units } from '../../core/database/units.js';
import { allResources, type ResourceEntity, type ResourceSpec } from '../../core/resource/resource.js';
import { Rows } from '../../core/table/rows.js';
import { Periodic } from '../../core/workers/periodic.js';
import { nextTurn } from '../../core/workers/turns.js';
import { searchedFields } from './row-terms.js';
import { SearchFill } from './search-fill.entity.js';
import { SearchIndex } from './search-index.service.js';

/** After the start, so that a command that is soon done does none of it. */
const PAUSE_MS = 5_000;
/** What was cut off by a fault goes on then. */
const AGAIN_MS = 3_600_000;
/** Rows of one unit. */
const PART = 100;

/**
 * Gives rows their terms that were there before the index, in pieces behind the running server: those of the tables that
 * `search_fills` names, each from its `after_id`. What is cut off goes on there with the next start.
 */
@Injectable()
export class SearchFills implements OnModuleInit, OnApplicationShutdown {
  private readonly periodic = new Periodic(() => runAs(systemActor('search'), () => this.fillAll()), {
    first: PAUSE_MS,
    every: AGAIN_MS,
    failed: error =>
      this.logger.warn({ err: error }, 'rows could not be given the terms that search finds them by'),
  });

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly index: SearchIndex,
    private readonly audit: Audit,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.periodic.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.periodic.end();
  }

  /** Resolves when every row has its terms; a fault is logged. */
  run(): Promise<void> {
    return this.periodic.now();
  }

  /** Tables of which not every row has its terms yet. */
  async unfinished(): Promise<Set<string>> {
    return new Set((await this.rows.find(SearchFill, {})).map(({ table_name }) => table_name));
  }

  private async fillAll(): Promise<void> {
    for (const { table_name } of await this.rows.find(SearchFill, {}, { order: 'table_name' })) {
      const spec = allResources().find(one => one.table === table_name);
      const isSearched = spec !== undefined && searchedFields(spec).length > 0;
      while (!this.periodic.hasEnded && (await this.fillPart(table_name, isSearched ? spec : undefined)))
        await nextTurn();
    }
  }

  /** Whether there is more. Several servers do it one after the other: the place is locked. */
  private fillPart(table_name: string, spec?: ResourceSpec): Promise<boolean> {
    return this.units.run(async () => {
      const { sql } = this.units;
      // The first statement locks the place on MariaDB; on SQLite there is one writer.
      await sql.change('UPDATE search_fills SET table_name = table_name WHERE table_name = ?', [table_name]);
      const fill = await this.rows.findOne(SearchFill, { table_name });
      if (!fill) return false;
      const text = `SELECT id FROM ${table_name} WHERE id > ? ORDER BY id LIMIT ${PART}`;
      const found = spec ? await sql.select<{ id: string }>(text, [fill.after_id ?? '']) : [];
      const last = found.at(-1)?.id;
      if (!spec || last === undefined) {
        await this.rows.remove(SearchFill, { table_name });
        this.audit.record({ action: 'search.indexed', details: { table: table_name } });
        return false;
      }
      // Locked, so that nobody changes a row between its reading and its terms.
      const ids = found.map(({ id }) => id);
      await lockRows(sql, spec.table, ids);
      await this.index.renew(
        spec,
        (await this.rows.find(spec.type, { id: ids } as never)) as ResourceEntity[],
      );
      await this.rows.update(SearchFill, { table_name }, { after_id: last });
      this.audit.record({ action: 'search.indexed', details: { table: table_name, rows: ids.length } });
      return true;
    });
  }
}
