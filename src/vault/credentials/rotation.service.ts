import { Injectable } from '@nestjs/common';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { AuthorizationError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { notReplayed } from '../../core/requests/not-replayed.js';
import { Units } from '../../core/database/units.js';
import type { View } from '../../core/resource/resource.service.js';
import { Rows } from '../../core/table/rows.js';
import { ClientsService } from '../../directory/clients/clients.service.js';
import type { RotateBody } from './credential.bodies.js';
import { CredentialSecretsService } from './secrets/credential-secrets.service.js';
import { CredentialReader, type ReadCredential } from './credential-reader.js';
import { Credential } from './credential.entity.js';
import type { DisclosedSecrets, OpenedSecrets } from './reveal/opened-secrets.js';
import { Opening } from './reveal/opening.service.js';
import { CredentialsService } from './credentials.service.js';
import { CHARACTER_CLASSES, generatePassword } from './generate/generate.js';
import { GENERATED, mainField, SecretField } from '../../formats/credential-types.js';
import { requireFitting } from './secrets/secret-checks.js';
import { WrittenSecrets } from './secrets/written-secrets.js';

const LENGTH = 24;

/** What a rotation writes, chosen and judged before its unit, for a credential of this type. */
interface Ready extends Pick<Credential, 'credential_type'> {
  secrets: OpenedSecrets;
  /** Where the generated secret is revealed: by which policy, and why. */
  policy: ReadCredential['policy'];
  isBroken: boolean;
  reason: string | undefined;
}

@Injectable()
export class RotationService {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly credentials: CredentialsService,
    private readonly secrets: CredentialSecretsService,
    private readonly written: WrittenSecrets,
    private readonly reader: CredentialReader,
    private readonly opening: Opening,
    private readonly clients: ClientsService,
  ) {}

  /** Has `rotated` called, in the same unit, whenever a credential gets a new secret. */
  follow(rotated: (credential_id: string) => Promise<void>): void {
    this.secrets.followers.push(rotated);
  }

  /**
   * Writes a new version with the secrets given, or with a generated one; the answer holds no secret but, with
   * `reveal`, the generated one.
   */
  async rotate(id: string, body: RotateBody): Promise<View<Credential> & { generated?: DisclosedSecrets }> {
    const generates = body.value === undefined && body.secrets === undefined;
    const reveals = generates && body.reveal === true;
    if (reveals && !currentActor().scopes.has('msp:read'))
      throw new AuthorizationError('Revealing what is generated needs the scope msp:read', {
        scope: 'msp:read',
      });
    const ready = await this.prepare(id, body, reveals);
    return this.units.run(async () => {
      const before = await this.credentials.find(id, true);
      await this.credentials.requireManage(before);
      if (before.client_id) await this.clients.requireKeys(before.client_id);
      const fits = ready?.credential_type === before.credential_type;
      const secrets = fits ? ready.secrets : this.chosen(before, body);
      const after = { ...before };
      await this.written.apply(after, secrets, secrets);
      requireFitting(after, before);
      const row = await this.credentials.change(before, after, 'rotate', {
        fields: Object.keys(secrets),
        generated: generates,
        secret_version: after.secret_version,
      });
      await this.secrets.write(row, secrets);
      const view = await this.credentials.viewOf(row);
      if (!reveals || !ready) return view;
      const generated = await this.opening.handOver(ready, row, secrets, ready.reason);
      return notReplayed({ ...view, generated }, 'generated');
    });
  }

  /**
   * What takes time, and what stands by itself: before the unit, in which everybody who writes waits on SQLite.
   * Undefined for who may not rotate, whom the rotation itself refuses.
   */
  private prepare(id: string, body: RotateBody, reveals: boolean): Promise<Ready | undefined> {
    return this.units.outside(async () => {
      const one = (await this.reader.read([id])).get(id);
      if (one?.right.level !== 'manage') return undefined;
      const { credential } = one;
      const secrets = this.chosen(credential, body);
      const wish = { action: 'credential.reveal', details: { generated: true } } as const;
      const reason = reveals ? await this.opening.admit(one, wish) : undefined;
      if (secrets.password) await this.written.judge(secrets, secrets.password, credential);
      return {
        credential_type: credential.credential_type,
        secrets,
        policy: one.policy,
        isBroken: one.isBroken,
        reason,
      };
    });
  }

  /** The secrets that the body gives; without any, a generated one for the field or the type's main one. */
  private chosen({ credential_type }: Credential, body: RotateBody): OpenedSecrets {
    if (body.secrets === undefined) {
      const field = (body.field as SecretField | undefined) ?? mainField(credential_type);
      return { [field]: Plaintext.of(body.value ?? this.generated(field, body)) };
    }
    if (body.field !== undefined || body.value !== undefined)
      throw ValidationError.of('secrets', 'cannot be given together with field or value', 'exclusive');
    const given = Object.entries(body.secrets).filter(
      (one): one is [string, string] => typeof one[1] === 'string',
    );
    if (given.length === 0) throw ValidationError.of('secrets', 'must have at least one secret', 'required');
    return Object.fromEntries(given.map(([field, text]) => [field, Plaintext.of(text)]));
  }

  /** Marks a credential for rotation, until it is rotated; whether or not the actor may see it. */
  async demand(id: string, reason: string, details: Record<string, unknown>): Promise<void> {
    await this.units.run(async () => {
      const before = await this.rows.findOne(Credential, { id });
      if (!before || before.rotation_demand === reason) return;
      await this.credentials.change(before, { rotation_demand: reason }, 'update', details);
    });
  }

  private generated(field: SecretField, body: RotateBody): string {
    if (!GENERATED.has(field))
      throw ValidationError.of('value', `a ${field} cannot be generated here; give the new one`, 'required');
    const classes = body.classes ?? CHARACTER_CLASSES;
    return generatePassword(body.length ?? LENGTH, classes as typeof CHARACTER_CLASSES).value;
  }
}
