import type { LeafCommand } from '../cli/command.js';
import { POLICY_OPTIONS } from '../credential/policy.js';

const REFERENCES =
  'opskeep://local/NAME refers to the vault of this machine, opskeep://<client, pool or private>/<credential>/<field> to the\n' +
  'server; without the field it is the main secret. Special characters of a part are percent-encoded. Where a reference leads\n' +
  'nowhere, nothing is done; exit code 3, or 1 when the server refuses, 4 when it is not reachable, 2 when none is known.';

export const RUN: LeafCommand = {
  name: 'run',
  about: 'Runs a program with secrets in its environment, where references stand for them',
  more:
    'A variable is a reference, or has some between double braces: postgres://app:{{ opskeep://local/DB }}@db1/app.\n' +
    `${REFERENCES}\n\n` +
    'Signals and the exit code are passed on (128 and its number for a signal; 127 when there is no such program, 126 when it\n' +
    'cannot be started). Output that is no terminal has the secrets masked, in encoded forms, too; not those of fewer than 4\n' +
    'characters. The program gets none of the keys and tokens of opskeep and its server. What decides which program runs and\n' +
    'what it loads, such as PATH, comes from the environment alone, not from --env-file or --vault.',
  args: [
    {
      name: 'COMMAND',
      about: 'the program, and what it is called with',
      many: true,
      behindDashes: true,
      completes: 'programs',
    },
  ],
  options: {
    'env-file': {
      value: 'file',
      about: 'lines of NAME=value, before those of the environment; may be given several times',
      many: true,
      short: 'e',
    },
    vault: {
      about:
        'every entry of the local vault, under its name in capitals, with _ for blanks, points and dashes',
    },
    ...POLICY_OPTIONS,
  },
  load: async () => (await import('../run/run.js')).run,
};

export const INJECT: LeafCommand = {
  name: 'inject',
  about: 'Puts secrets into a file, where references stand for them in its template',
  more: `A reference stands alone, or between double braces: {{ opskeep://local/NAME }}.\n${REFERENCES}`,
  options: {
    in: { value: 'file', about: 'the template; - for the standard input', short: 'i' },
    out: {
      value: 'file',
      about: 'written as a whole, for its owner alone (0600); - for the standard output',
      short: 'o',
    },
    ...POLICY_OPTIONS,
  },
  load: async () => (await import('../inject/inject.js')).inject,
};
