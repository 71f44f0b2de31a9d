import type { LeafCommand } from '../cli/command.js';

export const SESSION: LeafCommand[] = [
  {
    name: 'login',
    about: 'Logs in at the server, and keeps the session on this machine',
    more:
      'The password is asked for at the terminal, or is the first line of the standard input; the one-time code, when the\n' +
      'server wants one, is asked for, or the second line. The session is kept in a file for this user alone (0600).\n' +
      'Tokens are taken from OPSKEEP_TOKEN, else CREDENTIALS_MANAGER_TOKEN, else the session, else the configuration.',
    options: {
      url: {
        value: 'address',
        about: 'of the server; OPSKEEP_URL, the last login or the configuration when absent',
      },
      email: { value: 'email', about: 'who logs in; asked for when absent' },
    },
    load: async () => (await import('./login.js')).login,
  },
  {
    name: 'logout',
    about: 'Ends the session, at the server and on this machine',
    more: 'The session is removed from this machine though the server is away; the exit code is 4 then.',
    options: { url: { value: 'address', about: 'of the server; that of the session when absent' } },
    load: async () => (await import('./logout.js')).logout,
  },
  {
    name: 'whoami',
    about: 'Who asks the server, where, with which scopes, and where the token comes from',
    load: async () => (await import('./whoami.js')).whoami,
  },
];
