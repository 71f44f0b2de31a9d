import type { ArgumentSpec, GroupCommand } from '../cli/command.js';

const name: ArgumentSpec = { name: 'NAME', about: 'of the credential', completes: 'entries' };

export const VAULT: GroupCommand = {
  name: 'vault',
  about: 'A vault on this machine: one encrypted file, with a log of what was done',
  commands: [
    {
      name: 'init',
      about: 'Makes a vault, and its key',
      more:
        'At OPSKEEP_VAULT, with --here in this project, else in the folder of the configuration. It opens with the key in\n' +
        'FPAI_CREDENTIALS_KEY (64 hex digits, or url-safe base64 of 32 bytes), else with one in a file, which is made.',
      options: {
        here: { about: 'at the root of the working tree of this folder' },
        'key-file': { value: 'file', about: 'with the key; made when it is not there' },
        passphrase: { about: 'open it with a passphrase: asked for, or read from the standard input' },
      },
      load: async () => (await import('./cli/init.js')).init,
    },
    {
      name: 'set',
      about: 'Stores a value',
      more:
        'The value is read from the terminal without echo, or from the standard input, without one line end behind it. A name\n' +
        'that is there gets the new value, and keeps what is not given anew.',
      args: [name],
      options: {
        type: {
          value: 'type',
          about: 'api_key (when new), access_token, password, connection_string, secret, or another',
        },
        service: { value: 'service', about: 'what it opens' },
        meta: { value: 'name=value', about: 'what else to know; may be given several times', many: true },
        expires: { value: 'date', about: 'until when it is valid, in ISO 8601' },
        file: { value: 'file', about: 'read the value from there' },
        'value-insecure': { value: 'value', about: 'the value itself: others on this machine can read it' },
      },
      load: async () => (await import('./cli/entries.js')).set,
    },
    {
      name: 'get',
      about: 'Prints the value alone',
      args: [name],
      options: { full: { about: 'as JSON, with what is said of it' } },
      load: async () => (await import('./cli/get.js')).get,
    },
    {
      name: 'list',
      about: 'Names, types and services, never values',
      options: {
        names: { about: 'names alone, as they stand in the file, whose key is not needed' },
        lines: { about: 'a line - NAME (TYPE) [SERVICE] for each, as the earlier scripts print it' },
      },
      load: async () => (await import('./cli/entries.js')).list,
    },
    {
      name: 'exists',
      about: 'Whether there is such a name: exit code 0 or 3',
      args: [name],
      load: async () => (await import('./cli/entries.js')).exists,
    },
    {
      name: 'delete',
      about: 'Deletes a credential; backups still hold it',
      args: [name],
      load: async () => (await import('./cli/entries.js')).remove,
    },
    {
      name: 'rename',
      about: 'Gives a credential another name',
      args: [name, { name: 'NEW', about: 'its name from now on' }],
      load: async () => (await import('./cli/entries.js')).rename,
    },
    {
      name: 'history',
      about: 'When a credential was set, renamed or deleted, never its values',
      args: [name],
      load: async () => (await import('./cli/inspect.js')).history,
    },
    {
      name: 'audit',
      about: 'The last entries of the log: what was read and changed',
      args: [{ name: 'COUNT', about: 'how many (50)', optional: true }],
      load: async () => (await import('./cli/inspect.js')).audit,
    },
    {
      name: 'stats',
      about: 'Counts: entries, types, backups',
      load: async () => (await import('./cli/inspect.js')).stats,
    },
    {
      name: 'verify',
      about: 'Looks at every byte of the vault, at its log and its backups',
      options: { accept: { about: 'take an older copy, or a log that was cut, knowingly' } },
      load: async () => (await import('./cli/inspect.js')).verifyAll,
    },
    {
      name: 'import',
      about: 'Stores what a file holds: a .credentials file of version 1, JSON, or .env',
      more: 'Names that are there stay as they are. A .credentials file opens with FPAI_CREDENTIALS_KEY, or with --key-file.',
      args: [{ name: 'FILE', about: 'to read; - for the standard input', completes: 'files' }],
      options: {
        overwrite: { about: 'replace what is there under the same name' },
        'dry-run': { about: 'tell what would be stored, and store nothing' },
        'key-file': { value: 'file', about: 'with the key of the .credentials file' },
        salt: { value: 'salt', about: 'of that key, where it comes from a text by PBKDF2' },
      },
      load: async () => (await import('./cli/exchange.js')).importFile,
    },
    {
      name: 'export',
      about: 'Writes all values in the clear',
      options: {
        out: {
          value: 'file',
          about: 'into this file, for its owner alone; to the standard output when absent',
        },
        format: { value: 'format', completes: ['json', 'env'], about: 'json (as import reads it) or env' },
      },
      load: async () => (await import('./cli/exchange.js')).exportAll,
    },
    {
      name: 'backup',
      about: 'The ten versions before the present one',
      commands: [
        {
          name: 'list',
          about: 'The versions that are kept, the newest first',
          load: async () => (await import('./cli/inspect.js')).backups,
        },
        {
          name: 'restore',
          about: 'Puts an earlier version in the place of the present one, which becomes a backup itself',
          args: [{ name: 'BACKUP', about: 'its name in the list' }],
          load: async () => (await import('./cli/inspect.js')).restoreBackup,
        },
      ],
    },
  ],
};
