'use strict';

const WINGS = '^src/(directory|work|estate|vault|memory|operations)/';

/** The rooms of core from the lowest to the highest: nobody knows a room above its own, nor one beside it. */
const ROOMS = [
  ['config'], ['context'], ['metrics'], ['workers'], ['redaction'], ['database'], ['table'], ['crypto'], ['events'], ['audit'], ['http'], ['resource'], ['custom-fields'],
  ['requests', 'document'], ['access'], ['start'],
]; // prettier-ignore
const upward = ROOMS.flatMap((rooms, height) =>
  rooms
    .map(room => {
      const beside = rooms.filter(other => other !== room);
      const above = [...beside, ...ROOMS.slice(height + 1).flat()];
      return {
        name: `core-${room}-knows-what-is-below`,
        comment: `The order of core is ${ROOMS.map(one => one.join(' and ')).join(' → ')}.`,
        severity: 'error',
        from: { path: `^src/core/${room}/` },
        to: { path: `^src/core/(${above.join('|')})/` },
      };
    })
    .filter(rule => !rule.to.path.includes('()')),
);

/** The wings from the lowest to the highest: below the vault nobody refers to credentials, they refer to what is there. */
const HEIGHTS = [['directory'], ['estate'], ['work'], ['vault', 'memory'], ['operations']];
const upwardWings = HEIGHTS.slice(0, -1).flatMap((wings, height) =>
  wings.map(wing => {
    const above = [...wings.filter(other => other !== wing), ...HEIGHTS.slice(height + 1).flat()];
    return {
      name: `${wing}-knows-what-is-below`,
      comment: `The order of the wings is ${HEIGHTS.map(one => one.join(' and ')).join(' → ')}.`,
      severity: 'error',
      from: { path: `^src/${wing}/` },
      to: { path: `^src/(${above.join('|')})/` },
    };
  }),
);

/** The rooms of the user's machine from the lowest to the highest; those in the last line are commands, and know none of each other. */
const CLIENT_ROOMS = [
  ['cli', 'transcript'], ['server'], ['spool', 'disk'], ['project'], ['hook'], ['session'], ['naming', 'key-words'], ['vault'], ['credential'], ['references'],
  ['login', 'find', 'scan', 'run', 'inject', 'time', 'memory', 'import', 'installation', 'completion', 'mcp'],
]; // prettier-ignore
const upwardClient = CLIENT_ROOMS.flatMap((rooms, height) =>
  rooms.map(room => {
    const beside = rooms.filter(other => other !== room);
    const above = [...beside, ...CLIENT_ROOMS.slice(height + 1).flat()];
    return {
      name: `client-${room}-knows-what-is-below`,
      comment: `The order of the user's machine is ${CLIENT_ROOMS.map(one => one.join(', ')).join(' → ')}.`,
      severity: 'error',
      // The tables of commands load what they name only when it is called.
      from: { path: `^src/client/${room}/`, pathNot: '/commands\\.ts$' },
      to: { path: `^src/client/(${above.join('|')})/` },
    };
  }),
);

const MEETING = '\\.(answers|service|entity|module)\\.ts$';

/**
 * Who may know whom (docs/architecture.md). Types count as much as code, except in cycles: a type is gone before
 * anything runs.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    ...upward,
    ...upwardWings,
    ...upwardClient,
    {
      name: 'no-circular',
      comment: 'Whoever is in a cycle cannot be understood, tested or loaded alone.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-knows-no-wing',
      comment: 'Core is what every wing stands on; what it needs of a wing it declares as an abstract class.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/', pathNot: '^src/(core|formats)/' },
    },
    {
      name: 'wings-meet-at-the-door',
      comment: 'Of another wing only services, entities, modules and answers are known.',
      severity: 'error',
      from: { path: WINGS },
      to: { path: WINGS, pathNot: ['^src/$1/', MEETING] },
    },
    {
      name: 'wings-do-not-know-the-house',
      comment: 'How the application is put together and started is nothing that a wing may use.',
      severity: 'error',
      from: { path: WINGS },
      to: { path: '^src/([^/]+\\.ts$|commands/)' },
    },
    {
      name: 'serving-knows-no-wing',
      comment: 'Port, signals and processes of a server: what it serves is put together elsewhere.',
      severity: 'error',
      from: { path: '^src/serving/' },
      to: { path: '^src/(directory|work|estate|vault|memory|operations|client|commands)/' },
    },
    {
      name: 'formats-are-pure',
      comment: 'The server and opskeep/crypto share them: Node alone, and nothing of the house.',
      severity: 'error',
      from: { path: '^src/formats/', pathNot: '\\.spec\\.ts$' },
      // sqlite-driver.ts, for user-key.ts: opskeep/crypto promises to keep the user's key in a file of SQLite.
      to: {
        pathNot: ['^src/formats/', 'node_modules/(@types/)?better-sqlite3/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'texts-are-pure',
      comment: 'What is compared, stemmed, counted or cut of texts knows nothing but texts.',
      severity: 'error',
      // The counter of tokens counts in a thread of its own, and Nest ends it.
      from: { path: '^src/memory/text/', pathNot: 'token-(counter\\.ts|worker\\.mjs)$' },
      to: {
        pathNot: [
          '^src/(memory/text|formats)/',
          'node_modules/(wink-porter2-stemmer|lru-cache|chrono-node)/',
          '^crypto$',
        ],
      },
    },
    {
      name: 'compression-is-pure',
      comment: 'Functions of texts and times: no Nest, no database, no rooms above, not even Node.',
      severity: 'error',
      from: { path: '^src/memory/compression/' },
      to: { pathNot: '^src/(memory/(compression|text)|formats)/' },
    },
    {
      name: 'ranking-is-pure',
      comment: 'The same order everywhere: of candidates it knows what they are, never where they come from.',
      severity: 'error',
      from: { path: '^src/memory/recall/ranking/' },
      to: {
        pathNot: '^src/(memory/(recall/ranking|compression|text)|formats)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'client-stands-alone',
      comment:
        "It runs on a user's machine, without the application: of the house it knows the formats alone.",
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^(src|migrations)/', pathNot: '^src/(client|formats)/' },
    },
    {
      name: 'server-knows-no-client',
      comment: 'Only the file that is started chooses between the two.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '^src/(client/|cli\\.ts$)' },
      to: { path: '^src/client/' },
    },
    {
      name: 'hook-is-one-file',
      comment:
        'The script of the hooks runs everywhere and starts at once: Node alone, and nothing of commands.',
      severity: 'error',
      from: {
        path: '^src/client/(hook|spool|project|transcript)/|^src/client/server/(request|request-types)\\.ts$',
      },
      to: {
        pathNot: [
          '^src/client/(hook|spool|project|transcript)/',
          '^src/client/server/(request|request-types)\\.ts$',
          '^src/client/[^/]+\\.ts$',
          '^src/formats/(redaction/|(recalled|memory-event|compiled-script|sha256)\\.ts$)',
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'keys-stay-in-their-room',
      comment:
        "Sealing goes through core/crypto, and on the user's machine through its vault; the primitives are for them alone.",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(formats|core/crypto|client/vault)/' },
      to: { path: '^src/formats/(aes-gcm|derivation|fernet|user-key|pool-key)\\.ts$' },
    },
    {
      name: 'earlier-keys-stay-in-their-room',
      comment: 'What earlier systems have encrypted is opened where it comes in, and nowhere else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(formats|core/crypto|client/vault|commands/migrate-from)/' },
      to: { path: '^src/formats/(earlier-value|credentials-file)\\.ts$' },
    },
    {
      name: 'keys-end-in-one-room',
      comment: 'Off-boarding destroys keys, and nothing else does.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(core/crypto|vault/offboarding)/' },
      to: { path: '^src/core/crypto/key-destruction\\.ts$' },
    },
    {
      name: 'one-way-to-a-secret',
      comment:
        'Rights, policy and trail stand before every secret: what opens sealed values is for that one file.',
      severity: 'error',
      from: { path: WINGS, pathNot: '^src/vault/credentials/reveal/opening\\.service\\.ts$' },
      to: {
        path: '^src/(core/crypto/(opener|key-ring)|formats/(sealed-value|v2|encrypted-string|crypto))\\.ts$',
      },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'A migration says what was true when it was written: it may not change with the code.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/', pathNot: '^src/core/database/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { path: '^(src|migrations|bench)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/|\\.(spec|test)\\.ts$' },
    },
    {
      name: 'no-development-packages',
      comment: 'What runs in production has to be installed there.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'It is there by chance, because another package wants it.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      // Fastify belongs to Nest's adapter, which has to agree with its version; we name its types alone.
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/fastify/' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody uses it.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test-output)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
