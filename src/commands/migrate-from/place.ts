import type { Units } from '../../core/database/units.js';
import type { Body } from '../../core/resource/resource.service.js';
import { uniqueKey } from '../../core/table/unique-key.js';
import type { Client } from '../../directory/clients/client.entity.js';
import type { Type } from '../../core/table/field-spec.js';
import type { ImportedRows } from '../../operations/imported-rows/imported-rows.service.js';
import type { EarlierRow, EarlierSystem } from './earlier-rows.js';

/** Whose rows become whose here, as the operator says. */
export interface Placing {
  /** The client of rows that have none at the source. */
  client: string | null;
  /** Ids of users by what they are called at the source. */
  users: ReadonlyMap<string, string>;
  /** The owner of what belongs to other users at the source. */
  owner: string | null;
}

/** Where a row goes, or the reason why that is not known. */
export type Place = { body: Body } | { reason: string };

/** A client that need not be made, and why. */
export interface ClientHere {
  id: string;
  is: 'there' | 'joined';
}

/** Finds for rows of an earlier system the client and the owner here. */
export class Places {
  /** Clients of the source, with the client here where it is there already. */
  private readonly clients = new Map<string, string | null>();

  constructor(
    private readonly placing: Placing,
    private readonly units: Units,
    private readonly imported: ImportedRows,
    private readonly type: Type<Client>,
  ) {}

  knowClient(row: string, id: string | null): void {
    this.clients.set(row, id);
  }

  /** The client here that came from the one at the source, or that has its name. */
  async clientHere(system: EarlierSystem, { named, bodies }: EarlierRow): Promise<ClientHere | undefined> {
    const key = this.imported.keyOf(system.kind, system.label, ...named);
    const id = (await this.imported.there(this.type, [key])).get(key);
    if (id !== undefined) return { id, is: 'there' };
    const name = bodies[0]?.name;
    if (typeof name !== 'string') return undefined;
    const text = 'SELECT id FROM clients WHERE name_key = ?';
    const [found] = await this.units.sql.select<{ id: string }>(text, [uniqueKey(name.trim())]);
    return found && { id: found.id, is: 'joined' };
  }

  /** A client of the source that is not there yet has no id: its rows are tried without it. */
  of({ client, user }: EarlierRow): Place {
    const owner = user === null ? null : (this.placing.users.get(user) ?? this.placing.owner);
    if (user !== null && owner === null)
      return { reason: `nobody here is its user ${shown(user)}: --user or --owner tells who` };
    if (client !== null && !this.clients.has(client) && this.placing.client === null)
      return { reason: 'its client is not among the clients of the source: --client tells another' };
    const owned = owner === null ? {} : { owner_id: owner };
    const known = client !== null && this.clients.has(client);
    const client_id = known ? this.clients.get(client) : this.placing.client;
    if (client_id) return { body: { client_id, ...owned } };
    return { body: owner === null ? { visibility: 'pool' } : { visibility: 'private', ...owned } };
  }
}

const shown = (id: string) => JSON.stringify(id.slice(0, 60));
