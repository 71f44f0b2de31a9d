import { Injectable } from '@nestjs/common';
import { Plaintext } from '../../core/crypto/plaintext.js';
import { ValidationError } from '../../core/context/errors.js';
import { Units } from '../../core/database/units.js';
import type { View } from '../../core/resource/resource.service.js';
import { Rows } from '../../core/table/rows.js';
import type { RotateBody } from './credential.bodies.js';
import { CredentialSecretsService } from './credential-secrets.service.js';
import { Credential } from './credential.entity.js';
import { CredentialsService } from './credentials.service.js';
import { CHARACTER_CLASSES, generatePassword } from './generate.js';
import { GENERATED, mainField, SecretField } from './secret-fields.js';
import { requireFitting } from './secret-checks.js';
import { WrittenSecrets } from './written-secrets.js';

const LENGTH = 24;

@Injectable()
export class RotationService {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly credentials: CredentialsService,
    private readonly secrets: CredentialSecretsService,
    private readonly written: WrittenSecrets,
  ) {}

  /** Has `rotated` called, in the same unit, whenever a credential gets a new secret. */
  follow(rotated: (credential_id: string) => Promise<void>): void {
    this.secrets.followers.push(rotated);
  }

  /** Writes a new version of one secret, given or generated; the answer holds no secret. */
  async rotate(id: string, body: RotateBody): Promise<View<Credential>> {
    return this.units.run(async () => {
      const before = await this.credentials.find(id, true);
      await this.credentials.requireManage(before);
      const field = (body.field as SecretField | undefined) ?? mainField(before.credential_type);
      const value = Plaintext.of(body.value ?? this.generated(field, body));
      const secrets = { [field]: value };
      const after = { ...before };
      await this.written.apply(after, secrets);
      requireFitting(after, before);
      const row = await this.credentials.change(before, after, 'rotate', {
        fields: [field],
        generated: body.value === undefined,
        secret_version: after.secret_version,
      });
      await this.secrets.write(row, secrets);
      return this.credentials.viewOf(row);
    });
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
