import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Application, createApplication } from '../src/application.js';
import { type ClientAccess, type Scope, SCOPES, systemActor } from '../src/core/context/actor.js';
import { Passwords } from '../src/core/access/factors/passwords.js';
import { Logins } from '../src/core/access/tokens/logins.js';
import { User } from '../src/core/access/user.entity.js';
import { UsersService } from '../src/core/access/users.service.js';
import { loadSettings } from '../src/core/config/load-settings.js';
import type { SqlValue } from '../src/core/database/sql.js';
import { Units } from '../src/core/database/units.js';
import { Logger } from '../src/core/context/logger.js';
import { runAs } from '../src/core/context/request-context.js';
import { Rows } from '../src/core/table/rows.js';
import { FirstAdminMaker } from '../src/core/start/first-admin.js';
import type { Backends } from '../src/core/start/backends.js';
import { type Answer, type Body, type RequestOptions, type Shown, httpOf } from './harness/requests.js';
import { begun } from './harness/begun.js';
import { type FreshDatabase, freshDatabase } from './harness/database.js';
import { type Beside, createWith } from './harness/create-with.js';
import { makerOf } from './factories.js';

export type { Answer, Body, RequestOptions, Shown } from './harness/requests.js';

export const ADMIN_PASSWORD = 'CANARY correct horse battery 9';

export interface TestUser {
  id: string;
  email: string;
  password: string;
  token: string;
}

export interface UserOptions {
  /** All three when absent. */
  scopes?: Scope[];
  client_access?: ClientAccess;
  client_ids?: string[];
  email?: string;
}

/** The real application on databases of its own; `close` removes everything. */
export interface TestApp {
  app: NestFastifyApplication;
  opened: Backends;
  /** Lines of the log as objects; warnings and worse unless LOG_LEVEL says otherwise. */
  logs: Body[];
  /** The first administrator, with a token of every scope. */
  admin: TestUser;
  /** A request without a socket; as the administrator unless a token is given (`null` = without one). */
  http(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** A new user with a token. Costs no Argon2: the password is the administrator's. */
  user(options?: UserOptions): Promise<TestUser>;
  /** A new login of a user, without the check of the password; the token. */
  login(email: string): Promise<string>;
  /** What is committed in the main database, as the driver gives it. */
  sql<T = Body>(text: string, values?: readonly SqlValue[]): Promise<T[]>;
  /** Changes the main database past the application, as an intruder would. */
  change(text: string, values?: readonly SqlValue[]): Promise<void>;
  /** A client that rows belong to unless a test says otherwise. */
  client(): Promise<string>;
  /** A valid body for creating a row; what it needs is made first. `client_id` (null = none) also places those. */
  body(path: string, given?: Body): Promise<Body>;
  /** Creates a row as the administrator, over HTTP. */
  make(path: string, given?: Body): Promise<Shown>;
  /** Listens on a free port of 127.0.0.1; answers with `http://127.0.0.1:port`. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface StartOptions extends Beside {
  /** Environment variables on top of those of the tests. */
  settings?: Record<string, string>;
  /** Hashes of passwords cost, and refusals take, what they do in earnest; otherwise next to nothing. */
  inEarnest?: boolean;
}

/** Starts the application with its schema and its first administrator, on databases of its own. */
export async function startApp(options: StartOptions = {}): Promise<TestApp> {
  const fresh = await freshDatabase();
  try {
    const masterKey = await begun(fresh, options, startFirst);
    const logs: Body[] = [];
    const { app, opened } = await start(fresh, masterKey, options, logs);
    const close = async () => {
      await app.close();
      await opened.close();
      await fresh.drop();
    };
    try {
      if (!options.inEarnest) hurry(app.get(Passwords));
      await app.get(FirstAdminMaker).make();
      return { ...(await bedOf(app, opened, logs)), logs, close };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    await fresh.drop();
    throw error;
  }
}

/** The first start on these databases. */
async function startFirst(fresh: FreshDatabase, masterKey: string): Promise<void> {
  const { app, opened } = await start(fresh, masterKey, {}, []);
  hurry(app.get(Passwords));
  await app.get(FirstAdminMaker).make();
  await app.close();
  await opened.close();
}

function hurry(passwords: Passwords): void {
  passwords.cost = { memoryCost: 1024, timeCost: 2, parallelism: 1 };
  passwords.unhurried = attempt => attempt();
}

function start(
  { data, url, keystoreUrl }: FreshDatabase,
  masterKey: string,
  options: StartOptions,
  logs: Body[],
): Promise<Application> {
  const environment = {
    NODE_ENV: 'test',
    OPSKEEP_DATA: data,
    DATABASE_URL: url,
    KEYSTORE_DATABASE_URL: keystoreUrl,
    API_KEY_MASTER_KEY: masterKey,
    OPSKEEP_ADMIN_PASSWORD: ADMIN_PASSWORD,
    RATE_LIMIT_PER_MINUTE: '0',
    LOGIN_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
    ...options.settings,
  };
  const { settings } = loadSettings(environment, data);
  const logger = Logger.create(settings, { write: line => void logs.push(JSON.parse(line) as Body) });
  return options.controllers || options.modules
    ? createWith(settings, logger, options)
    : createApplication(settings, logger);
}

async function bedOf(
  app: NestFastifyApplication,
  opened: Backends,
  logs: Body[],
): Promise<Omit<TestApp, 'logs' | 'close'>> {
  const admin = await userWith(app, { email: opened.settings.OPSKEEP_ADMIN_EMAIL });
  const http = httpOf(app, admin.token);
  let count = 0;
  const user: TestApp['user'] = async ({
    scopes = [...SCOPES],
    email = `user${++count}@canary.test`,
    ...access
  } = {}) => {
    const password_hash = await hashOf(app, admin.email);
    const body = { email, name: `User ${count}`, scopes, ...access, password_hash };
    await runAs(systemActor('test'), () => app.get(UsersService).create(body));
    return userWith(app, { email });
  };
  let colleague: Promise<TestUser> | undefined;
  return {
    app,
    opened,
    admin,
    http,
    ...makerOf(
      http,
      () => JSON.stringify(logs.findLast(one => one.err)?.err),
      () => (colleague ??= user()),
    ),
    user,
    login: async email => (await userWith(app, { email })).token,
    sql: (text, values) => opened.database.connections.reader.select(text, values),
    change: async (text, values = []) => void (await opened.database.connections.commitOne(text, values)),
    listen: async () => {
      await app.listen(0, '127.0.0.1');
      return `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    },
  };
}

async function hashOf(app: NestFastifyApplication, email: string): Promise<string> {
  return (await app.get(Rows).findOne(User, { email }))?.password_hash ?? '';
}

/** A login without its password check, which takes a tenth of a second. */
async function userWith(app: NestFastifyApplication, where: { email: string }): Promise<TestUser> {
  const user = await app.get(Rows).findOne(User, where);
  if (!user) throw new Error(`There is no user ${where.email}`);
  const tokens = await app.get(Units).run(() => app.get(Logins).open(user, 'test'));
  return { id: user.id, email: user.email, password: ADMIN_PASSWORD, token: tokens.access_token };
}
