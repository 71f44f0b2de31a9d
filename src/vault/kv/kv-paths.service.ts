import { Injectable } from '@nestjs/common';
import { requireReach } from '../../core/context/actor.js';
import { ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { placeholders } from '../../core/database/sql.js';
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
import { openable } from '../credentials/revealable.js';
import { keyOf, namesOf, POOL, PRIVATE, whereCalled } from './kv-names.js';
import { KvUnseen } from './kv-unseen.service.js';

/** Where credentials are: at a client, in the pool, or with the actor alone. */
type Place = Pick<Where<Credential>, 'client_id' | 'visibility' | 'owner_id'>;

const IN_USE: Clause = { sql: 'credentials.archived_at IS NULL', values: [] };
/** Of those that are called the same, so many are named. */
const TOLD = 10;

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
    const one = place && (await this.called(place, namesOf(credential)));
    if (one) return one;
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
      const own = visibility === PRIVATE ? { owner_id: currentActor().id } : {};
      const first = { client_id__isnull: 'true', visibility, ...own, limit: '1', fields: 'id' };
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
    const called = new Map<string, Set<string>>();
    for (const { id, name, service_name } of found)
      for (const text of [name, service_name])
        if (text !== null) called.set(text, (called.get(text) ?? new Set()).add(id));
    const keyed = (text: string | null): string | undefined => {
      const key = text === null ? undefined : keyOf(text);
      if (text === null || key === undefined) return undefined;
      const meant = [...namesOf(text), ...namesOf(key)].flatMap(one => [...(called.get(one) ?? [])]);
      return new Set(meant).size === 1 ? key : undefined;
    };
    return found.map(one => keyed(one.name) ?? keyed(one.service_name) ?? one.id).sort();
  }

  private async placeOf(part: string): Promise<Place | undefined> {
    if (part === POOL) return { client_id: null, visibility: POOL };
    if (part === PRIVATE) return { client_id: null, visibility: PRIVATE, owner_id: currentActor().id };
    if (isUuid(part)) return { client_id: part.toLowerCase() };
    const keys = namesOf(part).map(name => uniqueKey(name));
    const called = { sql: `clients.name_key IN (${placeholders(keys.length)})`, values: keys };
    const ids: string[] = [];
    for await (const { id } of this.clients.all({}, called)) ids.push(id);
    const client_id = onlyOne('client', ids);
    return client_id === undefined ? undefined : { client_id };
  }

  /** An id means one row for good: of what is private, also that of another one who has granted it. */
  private async byId(place: Place | undefined, id: string): Promise<ReadCredential> {
    const one = (await this.reader.read([id])).get(id);
    const isThere =
      one &&
      place &&
      one.credential.client_id === place.client_id &&
      (place.visibility === undefined || one.credential.visibility === place.visibility);
    if (!isThere) throw missingCredential(id);
    return one;
  }

  /**
   * The only one that is called so, by name or by service, of those that the actor may open; where there is none, of
   * those that it sees. Neither a name nor an age comes first: whoever may create credentials could take the place of
   * another one's.
   */
  private async called(place: Place, names: string[]): Promise<ReadCredential | undefined> {
    for (const more of [[openable(currentActor())], []]) {
      const ids: string[] = [];
      for await (const { id } of this.credentials.all(place, IN_USE, whereCalled(names), ...more)) {
        ids.push(id);
        if (ids.length > TOLD) break;
      }
      const id = onlyOne('credential', ids);
      if (id !== undefined) return (await this.reader.read([id])).get(id);
    }
    return undefined;
  }
}

/** @throws ValidationError for several */
function onlyOne(field: string, ids: string[]): string | undefined {
  if (ids.length <= 1) return ids[0];
  const message = `must be the id of one of those that are called so: ${ids.slice(0, TOLD).join(', ')}`;
  throw ValidationError.of(field, message, 'ambiguous');
}
