import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { Passwords } from '../../core/access/factors/passwords.js';
import { StepUp } from '../../core/access/factors/step-up.js';
import { Audit } from '../../core/audit/audit.service.js';
import { ConflictError } from '../../core/context/errors.js';
import { renewActor } from '../../core/context/request-context.js';
import { newId } from '../../core/database/new-id.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import { pick } from '../../core/resource/row-changes.js';
import type { Client } from '../../directory/clients/client.entity.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import { ageFile } from '../../formats/age.js';
import { NEVER_SHOWN } from '../../formats/credential-types.js';
import { CredentialReader, type ReadCredential } from '../credentials/credential-reader.js';
import type { Credential } from '../credentials/credential.entity.js';
import { disclose } from '../credentials/reveal/opened-secrets.js';
import { Opening, type Wish } from '../credentials/reveal/opening.service.js';
import type { ExportSecretsBody } from './offboarding.bodies.js';
import { OwnHand } from './own-hand.js';
import { EXPORTED, SecretsState } from './secrets-state.js';

/** Credentials that are opened, and on the trail, at once. */
const BATCH = 100;
/** What of a credential its next keeper needs. */
const TOLD: readonly (keyof Credential)[] = [
  'id', 'name', 'credential_type', 'service_name', 'username', 'external_url', 'internal_url', 'custom_port',
  'requires_vpn', 'requires_2fa', 'expires_at', 'last_rotated_at', 'is_active', 'notes', 'key_algorithm',
  'key_fingerprint', 'certificate_subject', 'certificate_issuer', 'certificate_names', 'certificate_expires_at', 'archived_at', 'created_at',
]; // prettier-ignore

/** The secrets of a client for whoever keeps them next: encrypted as they are read, whole or not at all. */
@Injectable()
export class ClientExport {
  constructor(
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly stepUp: StepUp,
    private readonly passwords: Passwords,
    private readonly clients: ClientsService,
    private readonly reader: CredentialReader,
    private readonly opening: Opening,
    private readonly state: SecretsState,
  ) {}

  /** @throws AuthorizationError for who may not reveal all of it; ConflictError for a client that was off-boarded */
  async export(id: string, { passphrase, reason, ...proof }: ExportSecretsBody): Promise<StreamableFile> {
    const client = await this.clients.find(id);
    await this.admit(client, proof);
    await this.passwords.requireStrong(passphrase, 'passphrase', [client.name]);
    const export_id = newId();
    const wish: Wish = { action: 'credential.reveal', reason, details: { export_id } };
    const state = await this.state.of(id);
    await this.requireAll(id, wish);
    await this.tell(client, { step: 'begin', export_id, reason });
    const file = this.file(client, passphrase, wish, { step: 'end', export_id, state });
    return new StreamableFile(Readable.from(file), {
      type: 'application/octet-stream',
      disposition: `attachment; filename="client-${id}-${now().slice(0, 10)}.ndjson.age"`,
    });
  }

  private async admit(client: Client, proof: Pick<ExportSecretsBody, 'password' | 'otp'>): Promise<void> {
    const hand = new OwnHand(this.stepUp, client, factOf(client, {}));
    hand.requireUser('An access token exports no secrets');
    if (client.offboarded_at)
      throw new ConflictError('The client was off-boarded: nothing of it opens any more', hand.about);
    await hand.requirePresence('Exporting the secrets of a client', proof);
  }

  /** Before the first byte, for a file is not taken back: what asks for more than the request brings refuses it. */
  private async requireAll(client_id: string, wish: Wish): Promise<void> {
    for await (const some of this.batches(client_id))
      for (const one of some)
        if (one.policy !== 'open' || one.right.level === 'view') await this.opening.admit(one, wish);
  }

  /** The last piece leaves after the entry that says what the file is. */
  private async *file(
    client: Client,
    passphrase: string,
    wish: Wish,
    end: Record<string, unknown>,
  ): AsyncGenerator<Buffer> {
    // Read when the connection has room: as the actor of this request all the same.
    const asActor = AsyncLocalStorage.snapshot();
    const count = { credentials: 0 };
    const hash = createHash('sha256');
    let held: Buffer | undefined;
    const lines = this.lines(client, wish, count, asActor);
    for await (const piece of ageFile(passphrase, lines)) {
      hash.update(piece);
      if (held) yield held;
      held = piece;
    }
    await asActor(() => this.tell(client, { ...end, ...count, sha256: hash.digest('hex') }));
    if (held) yield held;
  }

  private async *lines(
    client: Client,
    wish: Wish,
    count: { credentials: number },
    asActor: <R>(work: () => R) => R,
  ): AsyncGenerator<Buffer> {
    const { id, name } = client;
    yield lineOf({ opskeep_export: 1, made_at: now(), client: { id, name } });
    const batches = this.batches(id);
    for (;;) {
      const next = await asActor(() => batches.next());
      if (next.done) return;
      const some = next.value;
      yield await asActor(async () => {
        await renewActor();
        const found = new Map(some.map(one => [one.credential.id, one]));
        const opened = await this.opening.openMany([...found.keys()], found, wish);
        const lines = some.map(({ credential }) => {
          const one = opened.get(credential.id);
          if (!one || 'refused' in one) throw one?.refused ?? new Error('A credential was not opened');
          const left_out = credential.secret_fields.filter(field => field === NEVER_SHOWN);
          return lineOf({ ...pick(credential, [...TOLD]), left_out, secrets: disclose(one.secrets) });
        });
        count.credentials += lines.length;
        return Buffer.concat(lines);
      });
    }
  }

  private async *batches(client_id: string): AsyncGenerator<ReadCredential[]> {
    for (let last: string | undefined = ''; last !== undefined;) {
      const found: { id: string }[] = await this.units.sql.select<{ id: string }>(
        `SELECT id FROM credentials WHERE client_id = ? AND id > ? ORDER BY id LIMIT ${BATCH}`,
        [client_id, last],
      );
      const ids = found.map(one => one.id);
      if (ids.length > 0) yield [...(await this.reader.read(ids)).values()];
      last = ids.length < BATCH ? undefined : ids.at(-1);
    }
  }

  private tell(client: Client, details: Record<string, unknown>): Promise<void> {
    return this.audit.recordRead(factOf(client, details));
  }
}

const lineOf = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

function factOf({ id, name }: Client, details: Record<string, unknown>) {
  return { action: EXPORTED, resource_type: 'client', resource_id: id, client_id: id, name, details };
}
