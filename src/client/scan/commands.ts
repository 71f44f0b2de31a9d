import type { LeafCommand } from '../cli/command.js';

export const SCAN: LeafCommand = {
  name: 'scan',
  about: 'Finds credentials in Markdown, .env and text, and stores them where they belong',
  more:
    'Lines such as "Password: …" below a heading, which is the service, tables, and variables. Known keys are Username, User,\n' +
    'Login; Password, Pass, Pwd; API Key, Key; Token, Access Token, Bearer; Client Secret, Secret; Connection String,\n' +
    'Conn_Str; URL, Host, Server, Address; Port; Notes, Description; Type. Values are never shown, and files stay as they are.\n' +
    'Folders of builds and caches are left out, links below PATH not followed; files of more than 1 MiB are told, not read.',
  args: [
    {
      name: 'PATH',
      about: 'files, and folders with all that is in them',
      many: true,
      completes: 'files',
    },
  ],
  options: {
    import: {
      about: 'store what is found at the server: what is there under that service and user stays as it is',
    },
    client: {
      value: 'client',
      about: 'with --import: a client by name or id, pool, or private (when absent)',
    },
    vault: { about: 'with --import: store it in the vault of this machine instead' },
  },
  load: async () => (await import('./scan.js')).scan,
};
