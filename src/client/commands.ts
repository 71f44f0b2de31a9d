import { ADMIN } from './admin.js';
import type { GroupCommand } from './cli/command.js';
import { CREDENTIAL } from './credential/commands.js';
import { KINDS } from './naming/kinds.js';
import { HOOKS } from './installation/commands.js';
import { INJECT, RUN } from './references/commands.js';
import { SCAN } from './scan/commands.js';
import { SESSION } from './login/commands.js';
import { LABOUR } from './time/labour.js';
import { VAULT } from './vault/commands.js';

/**
 * Every command on the user's machine. A command is an entry here; `load` brings what it runs, so that none pays for
 * another. `admin` is shown for the help alone: `src/cli.ts` hands it to the program of the server.
 */
export const ROOT: GroupCommand = {
  name: 'opskeep',
  about: 'Opskeep: the back office, memory and credential vault of a managed service provider',
  commands: [
    ...SESSION,
    CREDENTIAL,
    {
      name: 'recall',
      about: 'Asks the memory',
      args: [{ name: 'QUERY', about: 'in plain words', many: true }],
      options: {
        everywhere: { about: 'in everything that the token sees, not in the project of this folder' },
        limit: { value: 'number', about: 'at most so many items, 1 to 50 (10)' },
        'max-tokens': { value: 'number', about: 'the budget, 50 to 20,000 (1,000)' },
        'min-score': { value: 'number', about: 'leave out what has less, 0 to 10 (5)' },
        'as-of': { value: 'time', about: 'as it was known then, in ISO 8601' },
      },
      load: async () => (await import('./memory/recall.js')).recall,
    },
    {
      name: 'remember',
      about: 'Keeps a note for the project of this folder',
      args: [{ name: 'TEXT', about: 'what is worth knowing again; - for standard input', many: true }],
      options: {
        title: { value: 'title', about: 'one line above it' },
        tag: { value: 'tag', about: 'a word to find it by; may be given several times', many: true },
      },
      load: async () => (await import('./memory/remember.js')).remember,
    },
    {
      name: 'checkpoint',
      about: 'Keeps where the files of this folder stand: branch, commit, changed files',
      args: [
        { name: 'TEXT', about: 'what to say about it; - for standard input', many: true, optional: true },
      ],
      load: async () => (await import('./memory/remember.js')).checkpoint,
    },
    {
      name: 'import',
      about: 'Brings transcripts of Claude Code (.jsonl, .json) and notes (.md) into the memory',
      more:
        'Sessions go to the project of the folder that they worked in, notes to that of the folder that they lie in, unless\n' +
        '--project names another. Secrets are masked before anything is sent. Doing it again brings nothing twice, and what\n' +
        'was imported before stays where it is.',
      args: [
        {
          name: 'PATH',
          about: 'files, and folders with all that is in them',
          many: true,
          completes: 'files',
        },
      ],
      options: {
        'dry-run': { about: 'read everything, and send nothing' },
        all: { about: 'sessions that hooks have saved on this machine, too' },
        project: {
          value: 'project',
          about: 'where all of it goes: a folder (. or with a slash), a git remote, or a name',
        },
        tombstones: { about: 'mark files as imported, and read them again only when they have changed' },
      },
      load: async () => (await import('./import/import.js')).importFiles,
    },
    {
      name: 'log',
      about: 'Writes down time worked for a client, as a draft of billable time',
      more:
        'When no answer comes, the same command again logs the time once. Words that begin with - stand behind --.\n' +
        'Without --date the time ends now.',
      args: [
        { name: 'MINUTES', about: 'as 90, 1h30, 1:30 or 1.5h' },
        { name: 'TEXT', about: 'what was done; - for standard input', many: true },
      ],
      options: {
        client: { value: 'client', about: 'name or id; that of the task when absent' },
        labour: {
          value: 'type',
          completes: LABOUR,
          about: 'remote (when absent), onsite, emergency, project, warranty or travel',
        },
        task: { value: 'task', about: 'title or id; its client, project and session are taken over' },
        date: { value: 'day', about: 'of the work: 2026-01-31, today or yesterday' },
      },
      load: async () => (await import('./time/log.js')).log,
    },
    {
      name: 'find',
      about: 'Searches everything that the token may see: clients, credentials, equipment, work, notes',
      more:
        'Each word must begin a word or a part of a name in what is found, or in the name of its client.\n' +
        'Values of credentials are not searched. Exit code 3 when nothing is found.',
      args: [{ name: 'QUERY', about: 'words, or their beginnings', many: true }],
      options: {
        client: { value: 'client', about: 'what belongs to this one alone; name or id' },
        kind: {
          value: 'list',
          completes: KINDS.map(one => one.path),
          about: 'in this list alone, such as tasks, or task; may be given several times',
          many: true,
        },
        limit: { value: 'number', about: 'at most so many of each list, 1 to 100 (10)' },
      },
      load: async () => (await import('./find/find.js')).find,
    },
    HOOKS,
    VAULT,
    RUN,
    INJECT,
    SCAN,
    {
      name: 'mcp',
      about: 'Speaks the Model Context Protocol over stdin and stdout',
      more: 'For assistants: the tools are those of the server that the token may use. Ends with its input.',
      load: async () => (await import('./mcp/mcp.js')).mcp,
    },
    {
      name: 'completion',
      about: 'Prints what has a shell complete commands, options and files',
      more:
        'bash: in ~/.bashrc   source <(opskeep completion bash)\n' +
        'zsh:  in ~/.zshrc    source <(opskeep completion zsh), below compinit\n' +
        'fish: opskeep completion fish > ~/.config/fish/completions/opskeep.fish',
      args: [{ name: 'SHELL', about: 'bash, zsh or fish', completes: ['bash', 'zsh', 'fish'] }],
      load: async () => {
        const { completionOf } = await import('./completion/completion.js');
        return completionOf(ROOT);
      },
    },
    ADMIN,
  ],
};
