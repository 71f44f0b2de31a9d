import type { INestApplicationContext } from '@nestjs/common';
import { ConflictError, ValidationError } from '../../core/context/errors.js';
import { Units } from '../../core/database/units.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import type { Body } from '../../core/resource/resource.service.js';
import { Rows } from '../../core/table/rows.js';
import { uniqueKey } from '../../core/table/unique-key.js';
import { Client } from '../../directory/clients/client.entity.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import { ImportedRows } from '../../operations/imported-rows/imported-rows.service.js';
import { Credential } from '../../vault/credentials/credential.entity.js';
import { CredentialsService } from '../../vault/credentials/credentials.service.js';
import { refusalIn } from '../bringing/refusal.js';
import type { Told } from './item.js';
import type { Place } from './places.js';
import { isArchived, type Plan, type Planned } from './plan.js';

const MOST_HANDLE = 200;

/** What became of a plan. */
export interface Imported {
  entries: number;
  credentials: number;
  clients: number;
  /** Of the entries those that their program had archived. */
  archived: number;
  failed: Told[];
}

/**
 * Brings in what is planned through the services, so that each credential is sealed and on the trail. Each entry is a
 * unit of its own with its client and its mark: what was cut off goes on with the next one.
 */
export class Importer {
  private readonly units: Units;
  private readonly rows: Rows;
  private readonly clients: ClientsService;
  private readonly credentials: CredentialsService;
  private readonly imported: ImportedRows;

  constructor(app: INestApplicationContext) {
    this.units = app.get(Units);
    this.rows = app.get(Rows);
    this.clients = app.get(ClientsService);
    this.credentials = app.get(CredentialsService);
    this.imported = app.get(ImportedRows);
  }

  /** An entry that the services refuse is told and left out; what else goes wrong ends the import. */
  async bring(plan: Plan, progress: (done: number) => void): Promise<Imported> {
    const made: Imported = { entries: 0, credentials: 0, clients: 0, archived: 0, failed: [] };
    for (const [index, planned] of plan.planned.entries()) {
      try {
        const { isNewClient, credentials } = await this.bringOne(planned, plan.source);
        made.entries += credentials > 0 ? 1 : 0;
        made.archived += credentials > 0 && isArchived(planned) ? 1 : 0;
        made.credentials += credentials;
        made.clients += isNewClient ? 1 : 0;
      } catch (error) {
        if (!(error instanceof ValidationError || error instanceof ConflictError)) throw error;
        made.failed.push({ where: planned.where, name: planned.name, reason: refusalIn(error) });
      }
      progress(index + 1);
    }
    return made;
  }

  private async bringOne(
    { key, place, bodies }: Planned,
    source: string,
  ): Promise<{ isNewClient: boolean; credentials: number }> {
    let made = { isNewClient: false, credentials: 0 };
    const { isNew } = await this.imported.once(Credential, source, key, async () => {
      const { owned, isNew: isNewClient } = await this.ownerOf(place);
      const ids: string[] = [];
      for (const body of bodies) ids.push(await this.create({ ...body, ...owned }));
      made = { isNewClient, credentials: ids.length };
      return ids[0] as string;
    });
    return isNew ? made : { isNewClient: false, credentials: 0 };
  }

  private async ownerOf(place: Place): Promise<{ owned: Body; isNew: boolean }> {
    if (place.kind === 'pool') return { owned: { visibility: 'pool' }, isNew: false };
    if (place.id) return { owned: { client_id: place.id }, isNew: false };
    const name_key = uniqueKey(place.name);
    const [known] = await this.rows.find(Client, { name_key } as Partial<Client>);
    if (known) return { owned: { client_id: known.id }, isNew: false };
    const body = await validateBody(bodiesOf(resourceOf(Client)).create, { name: place.name });
    return { owned: { client_id: (await this.clients.create({ ...body })).id }, isNew: true };
  }

  /** With its name as the handle for the command line, where no other credential of the client has it. */
  private async create(given: Body): Promise<string> {
    const validated = async (body: Body) => ({
      ...(await validateBody(bodiesOf(resourceOf(Credential)).create, body)),
    });
    const name = String(given.service_name);
    if (name.length > MOST_HANDLE) return (await this.credentials.create(await validated(given))).id;
    try {
      const body = await validated({ ...given, name });
      return (await this.units.attempt(() => this.credentials.create(body))).id;
    } catch (error) {
      if (!(error instanceof ConflictError && error.details.field === 'name')) throw error;
      return (await this.credentials.create(await validated(given))).id;
    }
  }
}
