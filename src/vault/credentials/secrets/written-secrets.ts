import { Injectable } from '@nestjs/common';
import { PasswordStrength, type Score } from '../../../core/access/factors/password-strength.js';
import { Plaintext } from '../../../core/crypto/plaintext.js';
import { now } from '../../../core/database/values.js';
import type { Body } from '../../../core/resource/resource.service.js';
import type { CertificateFacts } from '../../../formats/certificate.js';
import type { KeyFacts } from '../../../formats/key-facts.js';
import type { Credential } from '../credential.entity.js';
import type { Secrets } from './credential-secrets.service.js';
import { checkTotpSecret } from './one-time-codes.js';
import { openTextsOf, withoutSecrets } from './open-texts.js';
import { readCertificate, readPrivateKey } from './secret-checks.js';
import { SECRET_FIELDS, type SecretField } from '../../../formats/credential-types.js';

/** The secrets that a body brings; null takes away one that is set. */
export function secretsOf(body: Body, before?: Credential): Secrets {
  const secrets: Secrets = {};
  for (const field of SECRET_FIELDS) {
    const value = body[field];
    if (typeof value === 'string') secrets[field] = Plaintext.of(value);
    else if (value === null && before?.secret_fields.includes(field)) secrets[field] = null;
  }
  return secrets;
}

/** What a credential says of its secrets. */
@Injectable()
export class WrittenSecrets {
  private readonly judged = new WeakMap<object, Score | null>();

  constructor(private readonly passwords: PasswordStrength) {}

  /**
   * Before the unit, in which others would wait for it: how hard a password is to guess.
   *
   * @param source what brings the password, and is handed to `apply`
   */
  async judge(source: object, password: Plaintext, row: Partial<Credential>): Promise<void> {
    this.judged.set(source, await this.scoreOf(password.disclose(), row));
  }

  /**
   * Sets the columns that follow from the secrets of a write, which no text of the row holds then; 422 where one cannot
   * be read.
   *
   * @param source where they come from, as it was judged
   */
  async apply(row: Credential, secrets: Secrets, source: object): Promise<void> {
    const set = new Set(row.secret_fields);
    for (const [field, value] of Object.entries(secrets))
      if (value === null) set.delete(field);
      else set.add(field);
    row.secret_fields = SECRET_FIELDS.filter(field => set.has(field));
    if (Object.keys(secrets).length === 0) return;
    if (secrets.totp_secret) checkTotpSecret(secrets.totp_secret);
    Object.assign(row, withoutSecrets(openTextsOf(row), disclosed(secrets)));
    row.secret_version += 1;
    row.last_rotated_at = now();
    row.rotation_demand = null;
    applyFacts(row, secrets);
    const { password } = secrets;
    if (password === null) row.strength = null;
    else if (password && this.judged.has(source)) row.strength = this.judged.get(source) ?? null;
    else if (password) row.strength = await this.scoreOf(password.disclose(), row);
  }

  private scoreOf(password: string, { username, service_name }: Partial<Credential>): Promise<Score | null> {
    return this.passwords.score(password, [username ?? '', service_name ?? '']);
  }
}

function disclosed(secrets: Secrets): Partial<Record<SecretField, string>> {
  const set = Object.entries(secrets).flatMap(([field, value]) => (value ? [[field, value.disclose()]] : []));
  return Object.fromEntries(set) as Partial<Record<SecretField, string>>;
}

/** Algorithm and fingerprint are those of the certificate or, without one, of the private key. */
function applyFacts(row: Credential, { certificate, private_key }: Secrets): void {
  const key = private_key && readPrivateKey(private_key);
  if (certificate !== undefined) showCertificate(row, certificate && readCertificate(certificate));
  else if (key !== undefined && !row.secret_fields.includes('certificate')) showKey(row, key);
}

function showKey(row: Credential, facts: KeyFacts | null): void {
  row.key_algorithm = facts?.algorithm ?? null;
  row.key_fingerprint = facts?.fingerprint ?? null;
}

function showCertificate(row: Credential, facts: CertificateFacts | null): void {
  showKey(row, facts);
  // A date that somebody chose stays; one that came from the certificate goes with it.
  if (row.expires_at === null || row.expires_at === row.certificate_expires_at)
    row.expires_at = facts?.expires_at ?? null;
  row.certificate_subject = facts?.subject ?? null;
  row.certificate_issuer = facts?.issuer ?? null;
  row.certificate_names = facts?.names ?? null;
  row.certificate_expires_at = facts?.expires_at ?? null;
}
