import { vaultTypeOf } from '../../src/client/key-words/vault-type.js';
import { credentialsIn } from '../../src/client/scan/look.js';
import { SECRET_KEYS } from '../../src/client/key-words/keys.js';
import {
  COLUMNS_AS, CREDENTIAL_TYPES, fieldsByName, mainField, SECRET_FIELDS, secretsOfType, VAULT_TYPES, WRITTEN_AS,
} from '../../src/formats/credential-types.js'; // prettier-ignore

test('every secret belongs to a type, and no name means two of them', () => {
  const ofTypes = new Set(CREDENTIAL_TYPES.flatMap(secretsOfType));
  expect([...ofTypes].sort()).toEqual([...SECRET_FIELDS].sort());
  expect(new Set(CREDENTIAL_TYPES.map(mainField)).size).toBe(CREDENTIAL_TYPES.length);
  for (const names of [WRITTEN_AS, COLUMNS_AS, VAULT_TYPES])
    expect(fieldsByName(names).size).toBe(SECRET_FIELDS.flatMap(field => names[field]).length);
});

test('what people write is found, and what the vault calls it is of its form', () => {
  expect(SECRET_FIELDS.filter(field => WRITTEN_AS[field].length > 0).sort()).toEqual([...SECRET_KEYS].sort());
  for (const field of SECRET_FIELDS) expect(vaultTypeOf(field)).toMatch(/^[a-z][a-z0-9_]{0,39}$/);
});

/** Types whose secret is no line of text: nobody writes one behind `Type: …`. */
const NO_LINE = ['ssh_key', 'certificate'];

test.each(CREDENTIAL_TYPES)('scan knows %s, where a line may hold it', type => {
  const [found] = credentialsIn('x.md', 'markdown', `# NAS\nType: ${type}\nPassword: CANARY\n`);
  const asked = NO_LINE.includes(type) ? 'password' : type;
  expect(found).toMatchObject({ type: asked, secrets: { [mainField(asked)]: 'CANARY' } });
});
