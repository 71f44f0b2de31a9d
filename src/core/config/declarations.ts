import { resolve } from 'node:path';
import * as checks from './checks.js';
import { splitCommand } from './command-line.js';
import { Secret, type Settings } from './settings.js';

/** How one setting is read: its form, its default, an example for the error, and whether it is a secret. */
export interface Declaration {
  parse: (text: string) => unknown;
  fallback: (known: Partial<Settings>) => unknown;
  example: string;
  secret?: boolean;
  /** `<NAME>_FILE` may name a file that holds the value. */
  file?: boolean;
}

function text(fallback: string | undefined, example: string): Declaration {
  return { parse: value => value, fallback: () => fallback, example };
}

function whole(fallback: number, min: number, max: number): Declaration {
  return {
    parse: value => {
      const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
      if (!(number >= min && number <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
      return number;
    },
    fallback: () => fallback,
    example: String(fallback),
  };
}

function oneOf(...choices: [string, ...string[]]): Declaration {
  return {
    parse: value => {
      if (!choices.includes(value)) throw new Error(`must be one of ${choices.join(', ')}`);
      return value;
    },
    fallback: () => choices[0],
    example: choices[0],
  };
}

function list(example: string, check: (part: string) => string): Declaration {
  return {
    parse: value =>
      value
        .split(',')
        .map(part => part.trim())
        .filter(part => part !== '')
        .map(check),
    fallback: () => [],
    example,
  };
}

function secret(example: string, parse: (value: string) => string): Declaration {
  return {
    parse,
    fallback: () => undefined,
    example,
    secret: true,
    file: true,
  };
}

function databaseUrl(file: string): Declaration {
  return {
    parse: checks.databaseUrl,
    fallback: known => new Secret(`sqlite:${resolve(known.OPSKEEP_DATA ?? './data', file)}`),
    example: `sqlite:./data/${file}`,
    secret: true,
  };
}

/** In the order in which they are read: a default may use what stands above it. */
export const DECLARATIONS: Record<keyof Settings, Declaration> = {
  NODE_ENV: oneOf('development', 'production', 'test'),
  PORT: { ...whole(8000, 0, 65_535), example: '8000' },
  HOST: text('127.0.0.1', '127.0.0.1'),
  PUBLIC_URL: {
    parse: checks.httpUrl,
    fallback: known => `http://localhost:${known.PORT ?? 8000}`,
    example: 'https://opskeep.example',
  },
  OPSKEEP_DATA: text('./data', './data'),
  DATABASE_URL: databaseUrl('opskeep.sqlite'),
  DATABASE_CA: { ...text(undefined, '/etc/ssl/database-ca.pem'), parse: checks.certificate, file: true },
  DATABASE_POOL: whole(20, 1, 500),
  KEYSTORE_DATABASE_URL: databaseUrl('keystore.sqlite'),
  API_KEY_MASTER_KEY: secret(
    '<44 characters of `npm run --silent opskeep -- admin keys generate`>',
    checks.masterKeys,
  ),
  API_KEY_MASTER_KEY_NEXT: secret('<the key to come>', checks.masterKeys),
  API_KEY_MASTER_KEY_PREVIOUS: secret('<the key before>', checks.masterKeys),
  API_KEY_MASTER_KEY_COMMAND: {
    parse: splitCommand,
    fallback: () => undefined,
    example: 'systemd-creds decrypt --name=master.key /etc/opskeep/master.key.cred -',
  },
  JWT_SECRET_KEY: secret('<64 hex of `openssl rand -hex 32`>', checks.atLeast32Bytes),
  JWT_ALGORITHM: oneOf('HS256', 'HS384', 'HS512'),
  ACCESS_TOKEN_EXPIRE_MINUTES: whole(60, 1, 1440),
  REFRESH_TOKEN_EXPIRE_DAYS: whole(30, 1, 365),
  OPSKEEP_ADMIN_EMAIL: { ...text('admin@localhost', 'admin@msp.example'), parse: checks.loginEmail },
  OPSKEEP_ADMIN_PASSWORD: secret('<at least 12 characters>', checks.longPassword),
  CORS_ORIGINS: list('https://tools.msp.example', checks.origin),
  TRUSTED_PROXIES: list('10.0.0.1', checks.network),
  RATE_LIMIT_PER_MINUTE: whole(600, 0, 1_000_000),
  LOGIN_LIMIT_PER_MINUTE: whole(10, 0, 1_000_000),
  MASS_REVEAL_LIMIT: whole(20, 0, 100_000),
  MASS_REVEAL_WINDOW_MINUTES: whole(10, 1, 1440),
  REFUSED_REVEAL_LIMIT: whole(10, 0, 100_000),
  DEFAULT_CURRENCY: {
    parse: checks.currency,
    fallback: () => 'USD',
    example: 'EUR',
  },
  DEFAULT_HOURLY_RATE: { ...text(undefined, '120.00'), parse: checks.hourlyRate },
  REMINDER_DAYS: {
    parse: checks.reminderDays,
    fallback: () => [60, 30, 14, 7, 1],
    example: '60,30,14,7,1',
  },
  PROVIDER_NAME: text(undefined, 'Example IT GmbH'),
  RECALL_HALF_LIFE_DAYS: whole(60, 1, 3650),
  AUDIT_HEAD_COMMAND: {
    parse: splitCommand,
    fallback: () => undefined,
    example: 'logger --tag opskeep-trail',
  },
  WEBHOOK_ALLOW_PRIVATE: list('10.20.0.0/24', checks.network),
  METRICS_TOKEN: secret('<`openssl rand -hex 16`>', checks.longToken),
  LOG_LEVEL: { ...oneOf('info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent') },
  LOG_FORMAT: { ...oneOf('json', 'pretty'), fallback: () => (process.stdout.isTTY ? 'pretty' : 'json') },
};
