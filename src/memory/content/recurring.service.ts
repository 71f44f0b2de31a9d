import { createHash } from 'node:crypto';
import { currentActor } from '../../core/context/request-context.js';
import type { ResourceEntity } from '../../core/resource/resource.js';
import { AbstractResourceService, type Body, type View } from '../../core/resource/resource.service.js';
import { inheritClient } from '../../core/resource/references.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import { newRow } from '../../core/resource/row-changes.js';

/** A row that is known by its content. */
export interface RecurringRow extends ResourceEntity {
  project_id: string | null;
  client_id: string | null;
  user_id: string | null;
  /** SHA-256 of the content, in hex. */
  content_hash: string;
  /**
   * The hash within the project (else the client, else the user). Of the twin of a row that its writer does not see, that
   * among the writer's rows there; null where that is taken as well.
   */
  content_key: string | null;
}

/**
 * Rows that come again and again, from hooks and imports: what has the same content as a row of the same project is
 * that row. Without a project the client takes its place, and without a client the user.
 */
export abstract class RecurringService<T extends RecurringRow> extends AbstractResourceService<T> {
  /** What two rows have in common that are the same. */
  protected abstract contentOf(row: T): string[];

  /** The same content came again. */
  protected again(row: T): Promise<T> {
    return Promise.resolve(row);
  }

  override create(given: Body): Promise<View<T>> {
    return this.kit.units.run(async () => {
      await this.requireWriter();
      const body = await this.prepared(given);
      const row = newRow<T>(this.spec, body);
      await inheritClient(this.kit, this.spec, row);
      const { seen } = await this.place(row);
      if (!seen) return super.create(body).catch(retryIfTaken(['content_key']));
      return this.viewOf(await this.again(await this.find(seen, true)));
    });
  }

  protected override async fill(row: T, before?: T): Promise<void> {
    row.content_hash = sha256(this.contentOf(row));
    const { seen, key } = await this.place(row, before);
    if (seen) {
      if (before) throw this.conflict(`${this.spec.label} with this content already exists`, { id: seen });
      // It has come since `create` looked: the unit runs anew, and finds it.
      throw this.stale();
    }
    row.content_key = key;
  }

  /**
   * The row of the same content that the actor sees, or the key that the row may have: that of all, or, where a row
   * that the actor does not see has it, one among those of its user; null where that is taken by such a row, too.
   */
  private async place(row: T, before?: T): Promise<{ seen?: string; key: string | null }> {
    for (const key of this.keysOf(row)) {
      if (before?.content_key === key) return { key };
      const holder = await this.holder(key, row.id);
      if (!holder) return { key };
      if (await this.reference(holder)) return { seen: holder, key };
    }
    return { key: null };
  }

  private keysOf(row: T): string[] {
    const { project_id, client_id, user_id } = row;
    const user = user_id ?? currentActor().id;
    const content = sha256(this.contentOf(row));
    return [[project_id ?? client_id ?? user], [project_id ?? client_id ?? '', user]].map(place =>
      sha256([...place, content]),
    );
  }

  /** The other row that has this key, whoever may see it. */
  private async holder(key: string, id: string): Promise<string | undefined> {
    const text = `SELECT id FROM ${this.spec.table} WHERE content_key = ? AND id <> ?`;
    return (await this.kit.units.sql.select<{ id: string }>(text, [key, id]))[0]?.id;
  }
}

function sha256(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
