import { Injectable } from '@nestjs/common';
import { Passwords } from '../../core/access/factors/passwords.js';
import { asksForApproval, asksForCode } from '../../core/access/reveal-policy.js';
import { Audit } from '../../core/audit/audit.service.js';
import { currentActor } from '../../core/context/request-context.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import { EventBus } from '../../core/events/events.js';
import { ageFile } from '../../formats/age.js';
import { CredentialReader, type ReadCredential } from '../credentials/credential-reader.js';
import { disclose } from '../credentials/reveal/opened-secrets.js';
import { credentialFact, Opening } from '../credentials/reveal/opening.service.js';
import { IncidentsService } from '../incidents/incidents.service.js';
// The type of the event is declared there.
import type {} from '../vault-events.js';

/** Credentials that are opened, and on the trail, at once. */
const BATCH = 100;

export interface SecretsWish {
  passphrase: string;
  /** For each entry of the trail. */
  reason: string;
  /** Whether what its policy or its owner closes is opened all the same: loud, as break-glass is. */
  breaksGlass: boolean;
}

/** What became of the credentials of an export. */
export interface SecretsTold {
  credentials: number;
  /** Why others are not in it, and how many. */
  left_out: Map<string, number>;
}

type Closed = 'off-boarded' | 'private' | 'policy';
const WHY: Record<Closed, string> = {
  'off-boarded': 'their client was off-boarded: nothing of it opens',
  private: 'private credentials are their owners’ alone, without --break-glass',
  policy: 'their policy asks for a code or an approval, without --break-glass',
};

/** The present secrets of many credentials for another installation: encrypted as they are read, each on the trail. */
@Injectable()
export class SecretsExport {
  constructor(
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly events: EventBus,
    private readonly passwords: Passwords,
    private readonly reader: CredentialReader,
    private readonly opening: Opening,
    private readonly incidents: IncidentsService,
  ) {}

  /** @throws ValidationError for a passphrase that can be guessed */
  requirePassphrase(passphrase: string): Promise<void> {
    return this.passwords.requireStrong(passphrase, 'passphrase', []);
  }

  /**
   * A file of age, as it is read.
   *
   * @param where which credentials, as a condition without values
   */
  file(
    wish: SecretsWish,
    export_id: string,
    where: string | undefined,
    told: SecretsTold,
  ): AsyncGenerator<Buffer> {
    return ageFile(wish.passphrase, this.lines(wish, export_id, where, told));
  }

  private async *lines(
    { reason, breaksGlass }: SecretsWish,
    export_id: string,
    where: string | undefined,
    told: SecretsTold,
  ): AsyncGenerator<Buffer> {
    for await (const some of this.batches(where)) {
      const found = new Map<string, ReadCredential>();
      const broken: ReadCredential[] = [];
      for (const one of some) {
        const why = closedBy(one);
        if (!why) found.set(one.credential.id, one);
        else if (breaksGlass && why !== 'off-boarded') broken.push(one);
        else told.left_out.set(WHY[why], (told.left_out.get(WHY[why]) ?? 0) + 1);
      }
      if (broken.length > 0) await this.breakGlass(broken, reason);
      for (const one of broken) found.set(one.credential.id, throughGlass(one));
      const wish = { action: 'credential.reveal' as const, reason, details: { export_id } };
      const opened = await this.opening.openMany([...found.keys()], found, wish);
      for (const [credential_id, one] of opened) {
        if ('refused' in one) throw one.refused;
        told.credentials++;
        yield Buffer.from(`${JSON.stringify({ credential_id, secrets: disclose(one.secrets) })}\n`);
      }
    }
  }

  /** An incident and entries first: what cannot be told is not opened. */
  private async breakGlass(ones: ReadCredential[], reason: string): Promise<void> {
    const { id: actor_id, name: actor_name } = currentActor();
    await this.units.run(async () => {
      const incident = await this.incidents.raise({
        key: 'break_glass:export',
        incident_type: 'unauthorized_access',
        severity: 'critical',
        title: 'Secrets exported by break-glass',
        text: `${actor_name} exported secrets past their policies and owners; the audit trail holds the reason`,
        credential_ids: ones.map(one => one.credential.id),
      });
      for (const { credential } of ones) {
        const about = { owner_id: credential.owner_id, incident_id: incident.id, expires_at: now() };
        this.audit.record(credentialFact(credential, 'credential.break_glass', { ...about, reason }));
        this.events.announce('vault.break_glass', { actor_id, actor_name, credential_id: credential.id, ...about }); // prettier-ignore
      }
    });
  }

  private async *batches(where: string | undefined): AsyncGenerator<ReadCredential[]> {
    for (let last: string | undefined = ''; last !== undefined;) {
      const found: { id: string }[] = await this.units.sql.select<{ id: string }>(
        `SELECT id FROM credentials WHERE id > ?${where ? ` AND ${where}` : ''} ORDER BY id LIMIT ${BATCH}`,
        [last],
      );
      const ids = found.map(one => one.id);
      if (ids.length > 0) {
        const read = await this.reader.read(ids);
        yield [...read.values()].filter(one => one.sealed.length > 0 || one.isClosed);
      }
      last = ids.length < BATCH ? undefined : ids.at(-1);
    }
  }
}

function closedBy({ isClosed, right, policy }: ReadCredential): Closed | undefined {
  if (isClosed) return 'off-boarded';
  if (right.level === 'view') return 'private';
  return asksForApproval(policy) || asksForCode(policy) ? 'policy' : undefined;
}

/** The right that a broken glass gives, for this one look. */
const throughGlass = (one: ReadCredential): ReadCredential => ({
  ...one,
  policy: 'reason',
  isBroken: true,
  right: one.right.level === 'view' ? { level: 'reveal', basis: 'break-glass', until: now() } : one.right,
});
