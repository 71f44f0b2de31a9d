import tseslint from 'typescript-eslint';
import { noErasedInjection } from './lint/no-erased-injection.mjs';

/** Entry points of packages that their own documentation names beside the root. */
const ENTRY_POINTS = [
  '@modelcontextprotocol/client/stdio', 'csv-stringify/sync', 'csv-parse/sync', 'mysql2/promise', 'typescript-eslint',
]; // prettier-ignore

const roots = (...more) => ({
  regex: `^(?!node:)(?!(?:${[...ENTRY_POINTS, ...more].join('|')})$)(?:@[^/]+/[^/]+|[^@./][^/]*)/.+`,
  message: 'Only package roots are imported: what lies below them may move with any release.',
});

/** What makes, holds or uses a key. Random bytes and plain hashes are for everybody. */
const keys = {
  name: 'node:crypto',
  importNames: [
    'createCipheriv', 'createDecipheriv', 'createHmac', 'createSecretKey', 'createPrivateKey', 'createPublicKey',
    'createSign', 'createVerify', 'generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync', 'hkdf',
    'hkdfSync', 'pbkdf2', 'pbkdf2Sync', 'scrypt', 'scryptSync', 'sign', 'subtle', 'webcrypto',
  ], // prettier-ignore
  message: 'Only core/crypto handles keys, over the formats of src/formats.',
};
const environment = {
  name: 'node:process',
  message: 'The global `process` is there; its environment is read in core/config alone.',
};
const ids = { name: 'uuid', message: 'New ids come from `newId` of core/database.' };
const imports = (paths, ...entryPoints) => [
  'error',
  { paths: [environment, ...paths], patterns: [roots(...entryPoints)] },
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'A named export has one name everywhere.',
};
const noDisclosure = {
  selector: 'CallExpression[callee.type="MemberExpression"][callee.property.name="disclose"]',
  message: 'A secret is text only where it is handed over, sealed, judged or used up: see DISCLOSING.',
};
/** Where a `Plaintext` becomes text. */
const DISCLOSING = [
  'src/core/crypto/link-seals.ts',
  'src/core/crypto/sealer.ts',
  'src/core/crypto/signatures.ts',
  'src/core/access/factors/totp.ts',
  'src/core/requests/idempotency.ts',
  'src/core/requests/uploads/uploads.ts',
  'src/vault/credentials/reveal/opened-secrets.ts',
  'src/vault/credentials/secrets/one-time-codes.ts',
  'src/vault/credentials/secrets/secret-checks.ts',
  'src/vault/credentials/secrets/written-secrets.ts',
];
const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'Settings are read once, in core/config.',
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'dist.new/',
      'data/',
      'coverage/',
      'test-output/',
      'bench/results/',
      'sdk/dist/',
      'sdk/src/schema.d.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { opskeep: { rules: { 'no-erased-injection': noErasedInjection } } },
    languageOptions: {
      parserOptions: { project: ['tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'opskeep/no-erased-injection': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Looks away in files with decorators, whose metadata it would empty.
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // Where it takes away an assertion that no-base-to-string wants, the two never come to rest.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An interface that merges with a class of the same name is how a setting becomes injectable.
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // An override that has nothing to wait for keeps the signature of what it overrides.
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', noDefaultExport],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts', 'migrations/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', noEnvironment],
      'no-restricted-imports': imports([keys]),
      'no-restricted-syntax': ['error', noDefaultExport, noDisclosure],
    },
  },
  {
    files: ['directory', 'estate', 'work', 'vault', 'memory', 'operations'].map(wing => `src/${wing}/**`),
    rules: { 'no-restricted-imports': imports([keys, ids]) },
  },
  { files: DISCLOSING, rules: { 'no-restricted-syntax': ['error', noDefaultExport] } },
  { files: ['test/**', 'bench/**', 'scripts/**'], rules: { 'no-restricted-imports': imports([]) } },
  // The formats are pure functions over keys; core/crypto holds them.
  {
    files: ['src/formats/**', 'src/core/crypto/**'],
    rules: { 'no-restricted-imports': imports([]) },
  },
  // A MAC under a key of the key ring, and the secret of the tokens, which is a setting and not a sealing key.
  {
    files: ['src/core/audit/journal-mac.ts', 'src/core/access/tokens/token-signer.ts'],
    rules: { 'no-restricted-imports': imports([]) },
  },
  // Nest tells the arguments of a route nowhere else.
  {
    files: ['src/core/access/route-check.ts', 'src/core/http/route-arguments.ts'],
    rules: { 'no-restricted-imports': imports([keys], '@nestjs/common/internal') },
  },
  { files: ['src/core/config/**'], rules: { 'no-restricted-properties': 'off' } },
  // The program on the user's machine knows nothing of core: there the environment is read in one file, too.
  { files: ['src/client/environment.ts'], rules: { 'no-restricted-properties': 'off' } },
  // opskeep/crypto promises its users to read two variables, and to warn.
  {
    files: ['src/formats/environment-keys.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  // Jest, TypeORM and ESLint ask for a default export.
  {
    files: ['*.config.mjs', 'ormconfig.ts', 'test/harness/global-*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts', 'src/**/*.spec.ts'],
    rules: {
      // Answers over HTTP are what they are; `expect` looks into them.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
