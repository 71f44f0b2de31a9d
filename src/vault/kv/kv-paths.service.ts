import { Injectable } from '@nestjs/common';
import { mayOpen, namesCredential, requireReach } from '../../core/context/actor.js';
import { ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { isUuid } from '../../core/database/values.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import type { Where } from '../../core/table/rows.js';
import { uniqueKey } from '../../core/table/unique-key.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import { missingCredential } from '../credentials/credential-errors.js';
import { CredentialReader, type ReadCredential } from '../credentials/credential-reader.js';
import type { Credential } from '../credentials/credential.entity.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { keyOf, namesOf, POOL, PRIVATE, whereCalled } from './kv-names.js';
import { KvUnseen } from './kv-unseen.service.js';

/** Where credentials are: at a client, in the pool, or with their owners alone. */
type Place = Pick<Where<Credential>, 'client_id' | 'visibility'>;

const IN_USE: Clause = { sql: 'credentials.archived_at IS NULL', values: [] };
/** Of those that are called the same, so many are looked at, and so many named. */
const [MOST, TOLD] = [100, 10];

/** Paths of the protocol: `<client>/<credential>`, by names or ids, among what the actor sees. */
@Injectable()
export class KvPaths {
  constructor(
    private readonly clients: ClientsService,
    private readonly credentials: CredentialsService,
    private readonly reader: CredentialReader,
    private readonly unseen: KvUnseen,
  ) {}

  /** @throws NotFoundError; ValidationError where several are called so */
  async find(client: string, credential: string): Promise<ReadCredential> {
    const place = await this.placeOf(client);
    if (isUuid(credential)) return this.byId(place, credential.toLowerCase());
    for (const name of place ? namesOf(credential) : []) {
      const one = await this.called(place as Place, name);
      if (one) return one;
    }
    throw await this.unseen.refusal(client, credential);
  }

  /** The names of the places where the actor sees a credential. */
  async places(): Promise<string[]> {
    requireReach(currentActor(), this.clients.spec.path);
    const { sql, values } = allOf([...this.credentials.visible(), IN_USE]);
    const used = `EXISTS (SELECT 1 FROM credentials WHERE credentials.client_id = clients.id AND ${sql})`;
    const keys: string[] = [];
    for await (const { id, name } of this.clients.all({}, { sql: used, values })) {
      keys.push(name === POOL || name === PRIVATE ? id : (keyOf(name) ?? id));
      if (turnIsOver()) await nextTurn();
    }
    for (const visibility of [POOL, PRIVATE]) {
      const first = { client_id__isnull: 'true', visibility, limit: '1', fields: 'id' };
      if ((await this.credentials.list(first)).items.length > 0) keys.push(visibility);
    }
    return keys.sort();
  }

  /** By what each credential of a place that the actor sees is found: its name or service if no other has it, else its id. */
  async keys(client: string): Promise<string[]> {
    const place = await this.placeOf(client);
    if (!place) return [];
    const found: Pick<Credential, 'id' | 'name' | 'service_name'>[] = [];
    for await (const { id, name, service_name } of this.credentials.all(place, IN_USE)) {
      found.push({ id, name, service_name });
      if (turnIsOver()) await nextTurn();
    }
    const names = countOf(found.flatMap(one => one.name ?? []));
    const services = countOf(found.map(one => one.service_name));
    const calledBy = ({ name, service_name }: (typeof found)[number]) => {
      if (name !== null && names.get(name) === 1) return keyOf(name);
      const isItsOwn = services.get(service_name) === 1 && !names.has(service_name);
      return isItsOwn ? keyOf(service_name) : undefined;
    };
    return found.map(one => calledBy(one) ?? one.id).sort();
  }

  private async placeOf(part: string): Promise<Place | undefined> {
    if (part === POOL || part === PRIVATE) return { client_id: null, visibility: part };
    if (isUuid(part)) return { client_id: part.toLowerCase() };
    for (const name of namesOf(part)) {
      const called = { sql: 'clients.name_key = ?', values: [uniqueKey(name)] };
      for await (const { id } of this.clients.all({}, called)) return { client_id: id };
    }
    return undefined;
  }

  private async byId(place: Place | undefined, id: string): Promise<ReadCredential> {
    const one = (await this.reader.read([id])).get(id);
    const isThere =
      one &&
      place &&
      Object.entries(place).every(([field, value]) => one.credential[field as keyof Place] === value);
    if (!isThere) throw missingCredential(id);
    return one;
  }

  /** By its handle, else by its service; what the actor may open comes before what it only sees. */
  private async called(place: Place, name: string): Promise<ReadCredential | undefined> {
    const ids: string[] = [];
    for await (const { id } of this.credentials.all(place, IN_USE, whereCalled([name]))) ids.push(id);
    if (ids.length === 0) return undefined;
    const actor = currentActor();
    const named = ids.filter(id => namesCredential(actor, id));
    const read = await this.reader.read((named.length > 0 ? named : ids).slice(0, MOST));
    const all = [...read.values()];
    const openable = all.filter(
      ({ credential, right }) => right.level !== 'view' && mayOpen(actor, credential.id),
    );
    for (const some of [openable, all])
      for (const field of ['name', 'service_name'] as const) {
        const [first, ...more] = some.filter(({ credential }) => credential[field] === name);
        if (more.length > 0) throw severalCalled(some.map(one => one.credential.id));
        if (first) return first;
      }
    return undefined;
  }
}

function countOf(texts: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function severalCalled(ids: string[]): ValidationError {
  const message = `must be the id of one of those that are called so: ${ids.slice(0, TOLD).join(', ')}`;
  return ValidationError.of('credential', message, 'ambiguous');
}
