import { inspect } from 'node:util';
import { User } from '../src/core/access/user.entity.js';
import type { Opener } from '../src/core/crypto/opener.js';
import { Plaintext } from '../src/core/crypto/plaintext.js';
import { sealedForColumn, sealedFromColumn, type SealedText } from '../src/core/crypto/sealed-text.js';
import type { Sealer } from '../src/core/crypto/sealer.js';
import type { SqlValue } from '../src/core/database/sql.js';
import type { Rows } from '../src/core/table/rows.js';
import type { View } from '../src/core/resource/resource.service.js';
import { CredentialSecret } from '../src/vault/credentials/secrets/credential-secret.entity.js';
import type { Credential } from '../src/vault/credentials/credential.entity.js';
import type { DisclosedSecrets, OpenedSecrets } from '../src/vault/credentials/reveal/opened-secrets.js';

const secret = Plaintext.of('CANARY of the types');
const place = { table: 'credential_secrets', row_id: 'row', field: 'password', version: 1 };
const owner = { kind: 'user', id: 'anna' } as const;

/**
 * Never called: the type check of the lint reads it. Each line below a `@ts-expect-error` must not compile, and the
 * type check fails where one does.
 */
export const refused = {
  async store(
    rows: Rows,
    sealer: Sealer,
    opener: Opener,
    plain: Plaintext,
    sealed: SealedText,
    text: string,
  ) {
    await rows.insert(CredentialSecret, { sealed });
    await opener.open(place, sealed);
    // @ts-expect-error Who seals cannot open
    const able: keyof Sealer = 'open';
    // @ts-expect-error A secret in the clear is not stored as a sealed one
    await rows.insert(CredentialSecret, { sealed: plain });
    // @ts-expect-error Text is not stored as a sealed value
    await rows.insert(CredentialSecret, { sealed: text });
    // @ts-expect-error A secret in the clear is not stored as text
    await rows.insert(CredentialSecret, { field: plain });
    // @ts-expect-error A sealed value is not stored as text
    await rows.insert(CredentialSecret, { field: sealed });
    // @ts-expect-error A seed in the clear is not stored in a user
    await rows.update(User, { id: text }, { totp_sealed: plain });
    // @ts-expect-error A value of a statement is no secret in the clear
    const values: SqlValue[] = [plain];
    // @ts-expect-error What is sealed is a secret, told by its type
    await sealer.seal(owner, place, text);
    // @ts-expect-error What is sealed already is not sealed again
    await sealer.seal(owner, place, sealed);
    // @ts-expect-error What is opened was sealed
    await opener.open(place, text);
    // @ts-expect-error What is open is not opened again
    await opener.open(place, plain);
    return { values, able };
  },

  answer(view: View<Credential>, opened: OpenedSecrets, sealed: SealedText) {
    // @ts-expect-error Opened secrets are disclosed before they are an answer
    const all: DisclosedSecrets = opened;
    // @ts-expect-error A sealed value is no answer
    const stored: DisclosedSecrets = { password: sealed };
    // @ts-expect-error Neither beside the metadata
    const whole: View<Credential> = { ...view, ...opened };
    // @ts-expect-error Nor in a field of the metadata
    const notes: View<Credential> = { ...view, notes: opened.password ?? null };
    // @ts-expect-error Nor the sealed one
    const name: View<Credential> = { ...view, name: sealed };
    return { all, stored, whole, notes, name };
  },
};

test('a secret in the clear cannot be printed by accident', () => {
  const wrapped = { secret, list: [secret] };
  const printed = [
    JSON.stringify(wrapped),
    inspect(wrapped, { showHidden: true, depth: 9 }),
    `${String(secret)}`,
  ];
  expect(printed.join()).not.toContain('CANARY');
  expect(printed.join()).toContain('***');
  expect(Object.keys(secret)).toEqual([]);
  expect(secret.disclose()).toBe('CANARY of the types');
});

test('a sealed value is in a statement what it was in the column', () => {
  expect(sealedForColumn(sealedFromColumn('v3.text'))).toBe('v3.text');
});
