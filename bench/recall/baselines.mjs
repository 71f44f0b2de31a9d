/**
 * What recall is measured against, over the same turns and in the same scope: the newest first, SQLite's FTS5 with its
 * stemmer as bm25() ranks it, MariaDB's FULLTEXT as it ranks, and plain BM25. Each answers with keys of turns.
 */
import mysql from 'mysql2/promise';

const MOST = 50;
const wordsOf = text => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** @returns {(question: object) => string[]} */
export function newestFirst(turns) {
  const sorted = turns.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.sequence - a.sequence));
  return question =>
    within(sorted, question)
      .slice(0, MOST)
      .map(({ key }) => key);
}

const within = (turns, { scope, conversation }) =>
  scope === 'none' ? turns : turns.filter(one => one.conversation === conversation);

/** BM25 (k1 1.2, b 0.75) over words in lower case. */
export function plainBm25(turns) {
  const documents = turns.map(turn => ({ turn, words: wordsOf(turn.text) }));
  const average = documents.reduce((sum, { words }) => sum + words.length, 0) / documents.length;
  const having = new Map();
  for (const { words } of documents)
    for (const word of new Set(words)) having.set(word, (having.get(word) ?? 0) + 1);
  const weight = word => {
    const count = having.get(word) ?? 0;
    return Math.log(1 + (documents.length - count + 0.5) / (count + 0.5));
  };
  return question => {
    const asked = [...new Set(wordsOf(question.question))];
    return documents
      .filter(({ turn }) => question.scope === 'none' || turn.conversation === question.conversation)
      .map(({ turn, words }) => {
        let score = 0;
        for (const word of asked) {
          const count = words.filter(one => one === word).length;
          if (count > 0) score += (weight(word) * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words.length) / average)); // prettier-ignore
        }
        return { key: turn.key, score };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, MOST)
      .map(({ key }) => key);
  };
}

/** @param {(file: string) => object} openSqlite */
export function fts5(turns, openSqlite) {
  const database = openSqlite(':memory:');
  database.exec("CREATE VIRTUAL TABLE told USING fts5(text, key UNINDEXED, conversation UNINDEXED, tokenize = 'porter unicode61')"); // prettier-ignore
  const insert = database.prepare('INSERT INTO told VALUES (?, ?, ?)');
  database.transaction(() => {
    for (const { text, key, conversation } of turns) insert.run(text, key, conversation.id);
  })();
  const select = scoped =>
    database.prepare(
      `SELECT key FROM told WHERE told MATCH ?${scoped ? ' AND conversation = ?' : ''} ORDER BY bm25(told) LIMIT ${MOST}`,
    );
  const [scoped, all] = [select(true), select(false)];
  return ({ question, scope, conversation }) => {
    const terms = wordsOf(question)
      .map(word => `"${word}"`)
      .join(' OR ');
    if (terms === '') return [];
    return (scope === 'none' ? all.all(terms) : scoped.all(terms, conversation.id)).map(({ key }) => key);
  };
}

/** @param {string} url of a database in which a table may be made */
export async function mariaDbFulltext(turns, url, defer) {
  const connection = await mysql.createConnection(url);
  defer(() => connection.end());
  await connection.query('CREATE TABLE bench_told (n INT PRIMARY KEY, turn VARCHAR(255), conversation VARCHAR(255), text MEDIUMTEXT, FULLTEXT (text)) CHARACTER SET utf8mb4'); // prettier-ignore
  for (let from = 0; from < turns.length; from += 1000)
    await connection.query('INSERT INTO bench_told VALUES ?', [
      turns.slice(from, from + 1000).map(({ key, conversation, text }, n) => [from + n, key, conversation.id, text]),
    ]); // prettier-ignore
  return async ({ question, scope, conversation }) => {
    const where = scope === 'none' ? [] : [conversation.id];
    const [rows] = await connection.query(
      `SELECT turn, MATCH(text) AGAINST(?) AS score FROM bench_told WHERE MATCH(text) AGAINST(?)${where.length > 0 ? ' AND conversation = ?' : ''} ORDER BY score DESC, n LIMIT ${MOST}`,
      [question, question, ...where],
    );
    return rows.map(({ turn }) => turn);
  };
}
