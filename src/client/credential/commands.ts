import { CREDENTIAL_TYPES } from '../../formats/credential-types.js';
import type { ArgumentSpec, GroupCommand, OptionSpec } from '../cli/command.js';
import { POLICY_OPTIONS } from './policy.js';

const name: ArgumentSpec = { name: 'NAME', about: 'of the credential, or its service, or its id' };
const client: Record<string, OptionSpec> = {
  client: {
    value: 'client',
    about: 'name or id of its client; pool or private for what belongs to none',
  },
};
const file: OptionSpec = { value: 'file', about: 'read the value from there' };
const field: OptionSpec = { value: 'field', about: 'such as password or api_key; the main one when absent' };

const archived: Record<string, OptionSpec> = { archived: { about: 'among what is archived' } };

const request: ArgumentSpec = { name: 'ID', about: 'of the request' };
const decision: Record<string, OptionSpec> = {
  note: { value: 'text', about: 'what you say to it' },
  otp: { value: 'code', about: 'a fresh one-time code of your own second factor; - to be asked' },
};

export const CREDENTIAL: GroupCommand = {
  name: 'credential',
  about: 'Credentials of the server: what you may see, with every reveal on its trail',
  commands: [
    {
      name: 'add',
      about: 'Stores a credential at the server',
      more:
        'The secret is read from the terminal without echo, or from the standard input, without one line end behind it.\n' +
        'Without --client it is your own, and private.',
      args: [{ name: 'NAME', about: 'what to call it by' }],
      options: {
        ...client,
        type: {
          value: 'type',
          completes: CREDENTIAL_TYPES,
          about: CREDENTIAL_TYPES.map(one => (one === 'password' ? `${one} (when absent)` : one)).join(', '),
        },
        service: { value: 'service', about: 'what it opens; its name when absent' },
        username: { value: 'name', about: 'who logs in with it' },
        url: { value: 'address', about: 'where' },
        notes: { value: 'text', about: 'what else to know; no secrets' },
        expires: { value: 'date', about: 'until when it is valid, in ISO 8601' },
        policy: {
          value: 'policy',
          completes: ['open', 'reason', 'otp', 'approval'],
          about: 'what revealing asks for: open (when absent), reason, otp or approval',
        },
        generate: { about: 'have the server make the secret' },
        secret: {
          value: 'field=file',
          about: 'one of several secrets, - for the standard input; may be given several times',
          many: true,
        },
        file,
        'value-insecure': { value: 'value', about: 'the value itself: others on this machine can read it' },
      },
      load: async () => (await import('./add.js')).add,
    },
    {
      name: 'get',
      about: 'Prints one secret alone',
      args: [name],
      options: {
        ...client,
        field: { ...field, about: `${field.about}; username is one, too` },
        ...archived,
        ...POLICY_OPTIONS,
        full: { about: 'as JSON, with all of its secrets' },
      },
      load: async () => (await import('./get.js')).get,
    },
    {
      name: 'list',
      about: 'Names, services and types, never values',
      args: [{ name: 'QUERY', about: 'words in name, service or user name', many: true, optional: true }],
      options: {
        ...client,
        type: { value: 'type', completes: CREDENTIAL_TYPES, about: 'of this type alone' },
        'needs-rotation': { about: 'what is to be rotated: expired, due, or demanded by an incident' },
        ...archived,
        limit: { value: 'number', about: 'at most so many, 1 to 1,000 (200)' },
      },
      load: async () => (await import('./list.js')).list,
    },
    {
      name: 'otp',
      about: 'Prints a one-time code of a credential',
      args: [name],
      options: { ...client, ...POLICY_OPTIONS },
      load: async () => (await import('./get.js')).otp,
    },
    {
      name: 'share',
      about: 'Makes a link that opens secrets of a credential without a login, once unless told otherwise',
      more: 'The link alone is printed to the standard output: whoever has it has the secrets.',
      args: [name],
      options: {
        ...client,
        reason: { value: 'text', about: 'why, for the trail' },
        field: {
          value: 'field',
          about: 'this secret alone, such as password; all but the seed of codes when absent',
        },
        views: { value: 'number', about: 'how often it opens, 1 to 20 (1)' },
        hours: { value: 'number', about: 'until it ends, 1 to 720 (24)' },
        passphrase: {
          about: 'ask for a passphrase that opens it, too: from the terminal or the standard input',
        },
        'after-rotation': { about: 'it opens what it held also when the credential was rotated' },
        otp: POLICY_OPTIONS.otp as OptionSpec,
      },
      load: async () => (await import('./share.js')).share,
    },
    {
      name: 'request',
      about: 'Asks a second person to approve a reveal, where the policy is approval',
      args: [name],
      options: {
        ...client,
        reason: { value: 'text', about: 'why: whoever decides reads it' },
        minutes: { value: 'number', about: 'how long the approval shall hold, 1 to 1440 (60)' },
        repeatedly: { about: 'for any number of reveals until it ends, instead of one' },
      },
      load: async () => (await import('./approvals.js')).request,
    },
    {
      name: 'requests',
      about: 'What waits for your approval',
      options: { all: { about: 'all that is open, your own as well' } },
      load: async () => (await import('./approvals.js')).requests,
    },
    {
      name: 'approve',
      about: 'Approves what another one has asked for',
      args: [request],
      options: decision,
      load: async () => (await import('./approvals.js')).approve,
    },
    {
      name: 'refuse',
      about: 'Refuses what another one has asked for',
      args: [request],
      options: decision,
      load: async () => (await import('./approvals.js')).refuse,
    },
    {
      name: 'rotate',
      about: 'Replaces a secret by a new one',
      more:
        'The new value is read from the terminal without echo, or from the standard input, unless --generate has the server\n' +
        'make one. The secret before is kept among the versions of the credential.',
      args: [name],
      options: {
        ...client,
        field,
        generate: { about: 'have the server make the new value' },
        length: { value: 'number', about: 'of the generated value, 8 to 256 (24)' },
        show: { about: 'print the generated value' },
        file,
        'value-insecure': { value: 'value', about: 'the value itself: others on this machine can read it' },
        ...POLICY_OPTIONS,
      },
      load: async () => (await import('./rotate.js')).rotate,
    },
    {
      name: 'show',
      about: 'Prints all that is known of a credential but its secrets',
      args: [name],
      options: { ...client, ...archived },
      load: async () => (await import('./show.js')).show,
    },
  ],
};
