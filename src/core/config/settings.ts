/** Every setting, read and checked once; `load-settings.ts` says where each comes from. Secrets are wrapped. */
export interface Settings {
  NODE_ENV: 'development' | 'production' | 'test';
  PORT: number;
  HOST: string;
  PUBLIC_URL: string;
  /** Absolute folder, 0700. */
  OPSKEEP_DATA: string;
  DATABASE_URL: Secret;
  DATABASE_CA: string | undefined;
  DATABASE_POOL: number;
  KEYSTORE_DATABASE_URL: Secret;
  /** 32 bytes as url-safe base64 or 64 hex; undefined until a development key was made. */
  API_KEY_MASTER_KEY: Secret | undefined;
  API_KEY_MASTER_KEY_NEXT: Secret | undefined;
  API_KEY_MASTER_KEY_PREVIOUS: Secret | undefined;
  /** A program and its arguments, split as `splitCommand` does; it prints what API_KEY_MASTER_KEY would hold. */
  API_KEY_MASTER_KEY_COMMAND: string[] | undefined;
  JWT_SECRET_KEY: Secret | undefined;
  JWT_ALGORITHM: 'HS256' | 'HS384' | 'HS512';
  ACCESS_TOKEN_EXPIRE_MINUTES: number;
  REFRESH_TOKEN_EXPIRE_DAYS: number;
  OPSKEEP_ADMIN_EMAIL: string;
  OPSKEEP_ADMIN_PASSWORD: Secret | undefined;
  CORS_ORIGINS: string[];
  TRUSTED_PROXIES: string[];
  RATE_LIMIT_PER_MINUTE: number;
  LOGIN_LIMIT_PER_MINUTE: number;
  MASS_REVEAL_LIMIT: number;
  MASS_REVEAL_WINDOW_MINUTES: number;
  REFUSED_REVEAL_LIMIT: number;
  DEFAULT_CURRENCY: string;
  /** A decimal of two places. */
  DEFAULT_HOURLY_RATE: string | undefined;
  /** So many days before something ends it is said; the most first, each once, none for never. */
  REMINDER_DAYS: number[];
  /** Who stands at the head of reports. */
  PROVIDER_NAME: string | undefined;
  /** After so many days how recent something is counts half. */
  RECALL_HALF_LIFE_DAYS: number;
  /** A program and its arguments, split as `splitCommand` does; it is given each newest checkpoint of the trail. */
  AUDIT_HEAD_COMMAND: string[] | undefined;
  /** Addresses and networks that webhooks may reach although they are not public. */
  WEBHOOK_ALLOW_PRIVATE: string[];
  /** Reads `/metrics`; without one there is no such route. */
  METRICS_TOKEN: Secret | undefined;
  LOG_LEVEL: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  LOG_FORMAT: 'pretty' | 'json';
}

/** A value that cannot be printed by accident: logs, JSON and string templates show `***`. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; call it where it is used and nowhere else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***';
  }
}

/** The settings as an injectable: `constructor(private readonly settings: AppSettings)`. */
export class AppSettings {}
// Class and interface merge: one name for token and type.
export interface AppSettings extends Settings {
  /** The file that API_KEY_MASTER_KEY was read from; it is read again when the key is rotated. */
  masterKeyFile?: string;
}
