import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { startMariaDb } from '../../test/harness/mariadb.mjs';
import { loaded } from '../modules.mjs';

const SOURCES = {
  application: 'src/application.ts',
  settings: 'src/core/config/load-settings.ts',
  logger: 'src/core/context/logger.ts',
  firstAdmin: 'src/core/start/first-admin.ts',
  statistics: 'src/memory/recall/term-statistics.service.ts',
  driver: 'src/formats/sqlite-driver.ts',
  context: 'src/core/context/request-context.ts',
  actor: 'src/core/context/actor.ts',
  ranking: 'src/memory/recall/ranking.service.ts',
  terms: 'src/memory/recall/entry-terms.ts',
  spelling: 'src/memory/text/token-spelling.ts',
  entry: 'src/memory/recall/recall-entry.entity.ts',
  term: 'src/memory/recall/recall-term.entity.ts',
  turn: 'src/memory/conversation-turns/conversation-turn.entity.ts',
  rows: 'src/core/table/rows.ts',
  units: 'src/core/database/units.ts',
  counter: 'src/memory/text/token-counter.ts',
  rank: 'src/memory/recall/ranking/rank.ts',
  weights: 'src/memory/recall/ranking/weights.ts',
};
const PASSWORD = `CANARY ${randomBytes(12).toString('hex')}`;

/** The sources of Opskeep that the benchmark runs, compiled together; by the names above, and of `more`. */
export async function sources(more = {}) {
  const all = { ...SOURCES, ...more };
  const load = await loaded(Object.values(all));
  const modules = await Promise.all(Object.values(all).map(load));
  return Object.fromEntries(Object.keys(all).map((name, n) => [name, modules[n]]));
}

/**
 * The real application in this process, on empty databases, asked without a socket.
 *
 * @param {object} code of `sources`
 * @param {'sqlite' | 'mariadb'} database
 * @param {(cleanup: () => unknown) => void} defer
 * @returns {Promise<{ http: Function, tokensOf: (texts: string[]) => Promise<number[]>,
 *   countTerms: () => Promise<void>, app: object, url: string }>} `http` as the tests
 *   have it, as the administrator
 */
export async function startedOn(code, database, defer) {
  const data = await mkdtemp(join(tmpdir(), 'opskeep-recall-'));
  defer(() => rm(data, { recursive: true, force: true }));
  const urls =
    database === 'sqlite'
      ? [`sqlite:${join(data, 'opskeep.sqlite')}`, `sqlite:${join(data, 'keystore.sqlite')}`]
      : await mariaDbUrls(defer);
  const environment = {
    NODE_ENV: 'test',
    OPSKEEP_DATA: data,
    DATABASE_URL: urls[0],
    KEYSTORE_DATABASE_URL: urls[1],
    API_KEY_MASTER_KEY: randomBytes(32).toString('hex'),
    OPSKEEP_ADMIN_EMAIL: 'bench@localhost',
    OPSKEEP_ADMIN_PASSWORD: PASSWORD,
    RATE_LIMIT_PER_MINUTE: '0',
    LOGIN_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
  };
  const { settings } = code.settings.loadSettings(environment, data);
  const logger = code.logger.Logger.create(settings, { write: line => process.stderr.write(line) });
  const { app, opened } = await code.application.createApplication(settings, logger);
  defer(() => opened.close());
  defer(() => app.close());
  await app.get(code.firstAdmin.FirstAdminMaker).make();
  const http = httpOf(app);
  const token = await http.logIn('bench@localhost', PASSWORD);
  return {
    app,
    url: urls[0],
    http: Object.assign((method, path, options = {}) => http(method, path, { token, ...options }), http),
    tokensOf: texts => app.get(code.counter.TokenCounter, { strict: false }).tokensOf(texts),
    countTerms: () => app.get(code.statistics.TermStatistics, { strict: false }).refresh(),
  };
}

function httpOf(app) {
  const http = async (method, path, { body, token } = {}) => {
    const answer = await app.inject({
      method,
      url: path,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      payload: body && JSON.stringify(body),
    });
    if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${answer.statusCode} ${answer.body}`);
    return { status: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body) };
  };
  const logIn = async (email, password) =>
    (await http('POST', '/api/auth/login', { body: { email, password } })).body.access_token;
  return Object.assign(http, { logIn });
}

async function mariaDbUrls(defer) {
  const mariaDb = await startMariaDb({ args: ['--innodb-buffer-pool-size=1G'] });
  defer(() => mariaDb.stop());
  const connection = await mysql.createConnection(mariaDb.url('mysql'));
  for (const name of ['opskeep', 'keystore']) await connection.query('CREATE DATABASE ??', [name]);
  await connection.end();
  return ['opskeep', 'keystore'].map(name => mariaDb.url(name));
}
