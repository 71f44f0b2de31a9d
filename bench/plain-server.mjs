/**
 * The measure of what this machine can do: node:http and mysql2, nothing else. It answers
 *
 *   GET /item/<id>       one row by its primary key
 *   GET /list?cursor=<id>  the 100 rows before that id, newest first (the newest 100 without a cursor)
 *   POST /rows           stores the newest 1,000 rows once more, with the entries of their creation, under other ids and
 *                        unique keys: one statement for each of both tables, in one transaction
 *
 * Usage: node bench/plain-server.mjs <port> <mysql url>   (or PORT and DATABASE_URL). Port 0 takes a free one. Once it
 * listens it prints its url. BENCH_TABLE (credentials) and BENCH_COLUMNS (id,name: comma-separated) name what is
 * selected, so that both sides of a comparison select the same.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import mysql from 'mysql2/promise';

const CONNECTIONS = 32;
const PAGE = 100;

const [port = process.env.PORT, databaseUrl = process.env.DATABASE_URL] = process.argv.slice(2);
if (port === undefined || !databaseUrl) {
  console.error('Usage: node bench/plain-server.mjs <port> <mysql url>');
  process.exit(2);
}

function identifiers(list) {
  return list
    .split(',')
    .map(name => mysql.escapeId(name.trim(), true))
    .join(', ');
}

const table = identifiers(process.env.BENCH_TABLE ?? 'credentials');
const select = `SELECT ${identifiers(process.env.BENCH_COLUMNS ?? 'id,name')} FROM ${table}`;
const pool = mysql.createPool({ uri: databaseUrl, connectionLimit: CONNECTIONS });

async function item(id) {
  const [rows] = await pool.query(`${select} WHERE id = ?`, [id]);
  return rows[0];
}

async function list(cursor) {
  const page = `ORDER BY id DESC LIMIT ${PAGE}`;
  const [rows] = await (cursor === null
    ? pool.query(`${select} ${page}`)
    : pool.query(`${select} WHERE id < ? ${page}`, [cursor]));
  return rows;
}

let stored;

/** What is stored again and again: the newest rows, and their entries. */
async function templates() {
  const name = process.env.BENCH_TABLE;
  // Dates stay the texts that they are: these rows are stored again.
  const rowsOf = async (sql, values) => (await pool.query({ sql, values, dateStrings: true }))[0];
  const rows = await rowsOf('SELECT * FROM ?? ORDER BY id DESC LIMIT 1000', [name]);
  const ids = rows.map(row => row.id);
  const entries = await rowsOf('SELECT * FROM journal WHERE resource_id IN (?)', [ids]);
  return [
    { name, rows },
    { name: 'journal', rows: entries.map(({ n: _n, ...entry }) => ({ ...entry, seq: null })) },
  ];
}

/** As they are, but for what is unique. */
function renewed(row) {
  const id = `${row.id.slice(0, 13)}-7${randomBytes(10)
    .toString('hex')
    .replace(/^(...)(....)/, '$1-$2-')}`.slice(0, 36);
  return row.name_key ? { ...row, id, name_key: randomBytes(32).toString('hex') } : { ...row, id };
}

async function storeRows() {
  stored ??= templates();
  const tables = await stored;
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    for (const { name, rows } of tables) {
      const values = rows.map(row => Object.values(renewed(row)));
      await connection.query('INSERT INTO ?? (??) VALUES ?', [name, Object.keys(rows[0]), values]);
    }
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
  return { stored: tables[0].rows.length };
}

function answer(url) {
  if (url === '/rows') return storeRows();
  if (url.startsWith('/item/')) return item(decodeURIComponent(url.slice('/item/'.length)));
  if (url === '/list' || url.startsWith('/list?')) {
    return list(new URLSearchParams(url.slice('/list?'.length)).get('cursor'));
  }
  return undefined;
}

async function handle(request, response) {
  let [status, body] = [200, undefined];
  try {
    body = await answer(request.url);
    if (body === undefined) [status, body] = [404, { message: 'not found' }];
  } catch (error) {
    [status, body] = [500, { message: error.message }];
  }
  const json = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
  });
  response.end(json);
}

const server = createServer((request, response) => void handle(request, response));
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

function shutDown() {
  server.closeAllConnections();
  server.close(() => void pool.end().finally(() => process.exit()));
}

process.once('SIGTERM', shutDown);
// The benchmark which started this server is gone.
process.once('disconnect', shutDown);
