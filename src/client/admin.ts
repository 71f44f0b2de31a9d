import type { GroupCommand } from './cli/command.js';

/**
 * The commands of the server, for help and completion alone: `src/cli.ts` hands them to its program, whose own help tells
 * the rest (test/client/completion.test.ts compares both).
 */
export const ADMIN: GroupCommand = {
  name: 'admin',
  about: 'Commands for the server: on its machine, with its settings',
  commands: [
    { name: 'serve', about: 'Starts the server, as npm start does', commands: [] },
    { name: 'migrate', about: 'The schema of the databases', commands: [] },
    { name: 'user', about: 'Users: who may log in, and to what', commands: [] },
    { name: 'token', about: 'Access tokens for machines and helpers', commands: [] },
    { name: 'keys', about: 'The master key and the keys that it wraps', commands: [] },
    { name: 'audit', about: 'The audit trail', commands: [] },
    {
      name: 'backup',
      about: 'Backups of both databases, in one sealed file that only the master key opens',
      commands: [],
    },
    {
      name: 'doctor',
      about:
        'Examines settings, files, databases, keys, secrets, rows and the memory; says what is wrong and how to mend it',
      commands: [],
    },
    {
      name: 'export',
      about: 'Writes everything that the installation holds into a new folder: a file for each resource',
      commands: [],
    },
    {
      name: 'import',
      about: 'Brings in a file of rows, all or none, or (--folder) what "admin export" wrote',
      commands: [],
    },
    {
      name: 'import-from',
      about:
        'Brings in the passwords of another program as credentials; shows first what it would do, and asks',
      commands: [],
    },
    {
      name: 'migrate-from',
      about: 'The way in from earlier systems: every value is opened before the first row is written',
      commands: [],
    },
    { name: 'demo', about: 'A believable service provider, to look around in', commands: [] },
    { name: 'openapi', about: 'Writes the OpenAPI document; needs no installation', commands: [] },
  ],
};
