/**
 * The measure of what this machine can do: all rows of a table as NDJSON, by node:http and the driver, nothing else.
 *
 * Usage: node bench/plain-stream.mjs <database url> <table> <columns>   Once it listens it prints its url.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import mysql from 'mysql2';
import { loaded } from './modules.mjs';

const [databaseUrl, table, columns] = process.argv.slice(2);
const text = `SELECT ${columns} FROM ${table} ORDER BY id DESC`;
const PIECE = 500;

async function source() {
  if (!databaseUrl.startsWith('sqlite:')) {
    const pool = mysql.createPool(databaseUrl);
    return () => pool.query({ sql: text }).stream({ highWaterMark: 200 });
  }
  const load = await loaded(['src/formats/sqlite-driver.ts']);
  const { openSqlite } = await load('src/formats/sqlite-driver.ts');
  const database = openSqlite(databaseUrl.slice('sqlite:'.length), { readonly: true });
  return () => database.prepare(text).iterate();
}

const rows = await source();
const server = createServer(async (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  let [lines, count] = ['', 0];
  for await (const row of rows()) {
    lines += `${JSON.stringify(row)}\n`;
    if (++count % PIECE !== 0) continue;
    if (!response.write(lines)) await once(response, 'drain');
    else await turn();
    lines = '';
  }
  response.end(lines);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.once('SIGTERM', () => process.exit());
process.once('disconnect', () => process.exit());
