import { Injectable } from '@nestjs/common';
import { ConflictError } from '../context/errors.js';
import { inParts } from '../database/sql.js';
import type { ResourceEntity } from './resource.js';
import { ResourceChanger } from './resource-changer.js';
import { changesBetween } from './row-changes.js';
import { apartIfTaken } from './taken-names.js';

/** A row of another installation, as it was there. */
export interface Adopted<T> {
  row: T;
  /** Names; those that are missing become tags. */
  tags?: string[];
}

/** The rows of one statement. */
const STATEMENT = 100;

/** Rows that were made elsewhere: by an import of everything that another installation held. */
@Injectable()
export abstract class ResourceAdopter<T extends ResourceEntity> extends ResourceChanger<T> {
  /**
   * Stores rows in the running unit with the ids, versions and times that they had, each with an entry
   * `<name>.import`. Whoever brings them has checked their fields, references and what is unique.
   *
   * @param later references to rows that come later: they are stored as null for now
   */
  async adopt(brought: Adopted<T>[], later: readonly string[] = []): Promise<void> {
    for (const { row } of brought) await this.completeAdopted(row);
    const nulls = Object.fromEntries(later.map(name => [name, null]));
    for (const part of inParts(brought, STATEMENT))
      await this.insertAdopted(part.map(({ row }) => ({ ...row, ...nulls })));
    if (this.spec.customFields)
      await this.kit.customFields.index(this.spec, brought.map(({ row }) => ({ row }))); // prettier-ignore
    for (const { row, tags = [] } of brought) {
      const changes = changesBetween(this.spec, {}, row);
      if (this.spec.taggable && tags.length > 0)
        Object.assign(changes, await this.kit.tagging.assign(this.spec, row.id, tags, []));
      this.recordChange('import', row, { changes, isNew: true });
    }
  }

  /** Sets what follows from the other fields of an adopted row, and what of it cannot be taken along. */
  protected completeAdopted(_row: T): Promise<void> | void {}

  private async insertAdopted(rows: T[]): Promise<void> {
    try {
      await this.kit.rows.insert(this.type, ...rows);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      for (const row of rows) await this.insertTwin(row);
    }
  }

  /** Rows with a name that is there already had it beside the others before, too. */
  private async insertTwin(row: T): Promise<void> {
    const insert = () => this.kit.rows.insert(this.type, row);
    const isForAll = (name: string) => {
      const { uniqueWithin = [], unseenMayRepeat } = this.spec.byName.get(name) ?? {};
      return uniqueWithin.length === 0 && !unseenMayRepeat;
    };
    try {
      await apartIfTaken(this.spec, row, insert, key => Promise.resolve(isForAll(key.field)));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      await this.completeAdopted(row);
      await insert();
    }
  }
}
