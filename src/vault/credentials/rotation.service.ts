import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/http/errors.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/resource/codec.js';
import type { View } from '../../core/resource/resource.service.js';
import type { RotateBody } from './credential.bodies.js';
import { CredentialSecretsService } from './credential-secrets.service.js';
import type { Credential } from './credential.entity.js';
import { applySecrets, CredentialsService } from './credentials.service.js';
import { CHARACTER_CLASSES, generatePassword } from './generate.js';
import { checkTotpSecret } from './one-time-codes.js';
import { GENERATED, mainField, SecretField } from './secret-fields.js';

const LENGTH = 24;

/** What else must happen in the same unit when a credential is rotated; other parts of the vault add to it. */
export abstract class RotationFollower {
  abstract rotated(credential_id: string): Promise<void>;
}

@Injectable()
export class RotationService {
  private readonly followers: RotationFollower[] = [];

  constructor(
    private readonly units: Units,
    private readonly credentials: CredentialsService,
    private readonly secrets: CredentialSecretsService,
  ) {}

  follow(follower: RotationFollower): void {
    this.followers.push(follower);
  }

  /** Writes a new version of one secret, given or generated; the answer holds no secret. */
  async rotate(id: string, body: RotateBody): Promise<View<Credential>> {
    return this.units.run(async () => {
      const before = await this.credentials.find(id);
      await this.credentials.requireManage(before);
      const field = (body.field as SecretField | undefined) ?? mainField(before.credential_type);
      const value = body.value ?? this.generated(field, body);
      if (field === 'totp_secret') checkTotpSecret(value);
      const row: Credential = {
        ...before,
        version: before.version + 1,
        updated_at: now(),
        rotation_demand: null,
      };
      applySecrets(row, { [field]: value });
      await this.credentials.write(before, row);
      await this.secrets.write(row, { [field]: value });
      for (const follower of this.followers) await follower.rotated(id);
      this.credentials.tell('rotate', row, {
        fields: [field],
        generated: body.value === undefined,
        secret_version: row.secret_version,
      });
      return this.credentials.view(row);
    });
  }

  /** Marks a credential for rotation, until it is rotated. */
  async demand(id: string, reason: string): Promise<void> {
    await this.units.run(async () => {
      const before = await this.credentials.find(id);
      const row = {
        ...before,
        rotation_demand: reason.slice(0, 255),
        version: before.version + 1,
        updated_at: now(),
      };
      await this.credentials.write(before, row);
      this.credentials.tell('update', row, {
        changes: { rotation_demand: [before.rotation_demand, row.rotation_demand] },
      });
    });
  }

  private generated(field: SecretField, body: RotateBody): string {
    if (!GENERATED.has(field))
      throw ValidationError.of('value', `a ${field} cannot be generated here; give the new one`, 'required');
    const classes = body.classes ?? CHARACTER_CLASSES;
    return generatePassword(body.length ?? LENGTH, classes as typeof CHARACTER_CLASSES).value;
  }
}
