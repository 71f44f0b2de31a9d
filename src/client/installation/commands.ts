import type { GroupCommand, OptionSpec } from '../cli/command.js';

const user: Record<string, OptionSpec> = {
  user: { about: 'for all projects of this user (~/.claude), not for this project (.claude)' },
};
const dryRun: Record<string, OptionSpec> = {
  'dry-run': { about: 'show what would be done, and do nothing' },
};

export const HOOKS: GroupCommand = {
  name: 'hooks',
  about: 'Hooks for Claude Code: what is said there is saved, and recalled in later sessions',
  commands: [
    {
      name: 'install',
      about: 'Installs the hooks, and the commands /checkpoint and /snapshot; again, it updates them',
      options: {
        url: { value: 'address', about: 'of the server; OPSKEEP_URL when absent' },
        token: {
          value: 'file',
          about: 'with the access token, - for standard input; OPSKEEP_TOKEN when absent',
        },
        ...user,
        ...dryRun,
      },
      load: async () => (await import('./install.js')).install,
    },
    {
      name: 'status',
      about: 'Where hooks are installed, and what waits to be sent',
      load: async () => (await import('./status.js')).status,
    },
    {
      name: 'doctor',
      about: 'Fires every hook, proves that what is saved is recalled, and says how to mend what is not',
      load: async () => (await import('./doctor.js')).doctor,
    },
    {
      name: 'upload',
      about: 'Sends what waits now',
      options: { failed: { about: 'what was put aside, too' } },
      load: async () => (await import('./upload.js')).uploadNow,
    },
    {
      name: 'uninstall',
      about: 'Takes the hooks out; the settings are as they were before, and what was not sent is kept',
      options: {
        ...user,
        purge: { about: 'remove what was not sent, and all else that hooks have kept on this machine' },
        ...dryRun,
      },
      load: async () => (await import('./uninstall.js')).uninstall,
    },
  ],
};
