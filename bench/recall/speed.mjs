/**
 * Whether recall takes as long among very many turns of one project as among few: `npm run bench:recall-speed`, on SQLite
 * and MariaDB. BENCH_RECALL_TURNS (1000000) makes it shorter. Exit code 1 when the 95th percentile is more than three
 * times that among 10,000.
 */
import { randomUUID } from 'node:crypto';
import { sources, startedOn } from './application.mjs';
import { questionsOf, turnsOf } from './fill.mjs';
import { chance } from './set/random.mjs';
import { ASKED_AT } from './set/world.mjs';
import { generated } from './set/generate.mjs';

const FEW = 10_000;
const MANY = Number(process.env.BENCH_RECALL_TURNS ?? 1_000_000);
const MOST = 3;
const QUESTIONS = 100;
const ROUNDS = 3;
const PART = 1_000;
/** Words that only few turns have, as in life: the n-th is so much rarer than the first. */
const RARE_WORDS = 200_000;
const MINUTE_MS = 60_000;

/** Stores turns of one project with their entries of the index, many in a statement, past the routes. */
async function fill({ app, http }, code, count) {
  const client_id = (await http('POST', '/api/clients', { body: { name: 'Bench' } })).body.id;
  const project_id = (await http('POST', '/api/projects', { body: { name: 'Bench', client_id } })).body.id;
  const texts = turnsOf(generated()).map(({ text, speaker }) => ({
    text,
    speaker,
    tokens: code.terms.entryTokens({ text, at: ASKED_AT }),
  }));
  const [rows, units] = [code.rows.Rows, code.units.Units].map(type => app.get(type, { strict: false }));
  const random = chance(11);
  const documents = new Map([['', count]]);
  let n = 0;
  const part = () => {
    const made = [];
    for (; made.length < PART && n < count; n++) {
      const { text, speaker, tokens } = random.one(texts);
      const rare = `rw${Math.floor(RARE_WORDS ** random.next()).toString(36)}x`;
      const at = new Date(Date.parse(ASKED_AT) - ((count - n) * MINUTE_MS) / 10).toISOString();
      const own = [...tokens, code.spelling.tokenOf('word', rare)];
      for (const token of new Set(own)) documents.set(token, (documents.get(token) ?? 0) + 1);
      made.push({
        id: randomUUID(),
        at,
        speaker,
        text: `${text} ${rare}`,
        tokens: own,
        session_key: `s${Math.floor(n / 40)}`,
        sequence: n % 40,
      });
    }
    return made;
  };
  const both = { client_id, project_id };
  for (let made = part(); made.length > 0; made = part())
    await units.run(async () => {
      await rows.insert(code.turn.ConversationTurn, ...made.map(({ tokens: _tokens, ...turn }) => ({ ...turn, ...both, version: 1, created_at: turn.at, updated_at: turn.at, content_hash: turn.id.replaceAll('-', '').repeat(2), content_key: null }))); // prettier-ignore
      await rows.insert(code.entry.RecallEntry, ...made.map(({ id, at, session_key, sequence, tokens }) => ({ row_id: id, kind: 'conversation_turn', ...both, user_id: null, at, since: at, session_key, sequence, length: tokens.length, importance: 5, speech: null, superseded: false, superseded_at: null, supersedes: null, superseded_by: null, expires_at: null }))); // prettier-ignore
      const [{ last }] = await units.sql.select('SELECT MAX(n) AS last FROM recall_entries');
      const key = units.sql.dialect === 'sqlite' ? 'rowid' : 'n';
      const values = made.flatMap(({ tokens }, at) => [
        Number(last) - made.length + 1 + at,
        tokens.join(' '),
      ]);
      await units.sql.change(`INSERT INTO recall_index (${key}, terms) VALUES ${made.map(() => '(?, ?)').join(', ')}`, values); // prettier-ignore
    });
  const counted = [...documents].map(([term, documents]) => ({ term, holder: client_id, documents }));
  // A fill that takes long has been counted in the background meanwhile.
  await units.run(() => units.sql.change('DELETE FROM recall_terms WHERE holder = ?', [client_id]));
  for (let from = 0; from < counted.length; from += PART)
    await units.run(() => rows.insert(code.term.RecallTerm, ...counted.slice(from, from + PART)));
  return project_id;
}

const percentile = (numbers, share) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(share * (numbers.length - 1))];

const cleanups = [];
try {
  const defer = cleanup => cleanups.unshift(cleanup);
  const code = await sources();
  const asked = questionsOf(generated())
    .filter(({ scope }) => scope !== 'none')
    .slice(0, QUESTIONS);
  for (const database of process.argv[2] ? [process.argv[2]] : ['sqlite', 'mariadb']) {
    const sides = [];
    for (const turns of [FEW, MANY]) {
      const application = await startedOn(code, database, defer);
      const began = performance.now();
      const project_id = await code.context.runAs(code.actor.systemActor('bench'), () =>
        fill(application, code, turns),
      );
      console.error(
        `${database}: ${turns} turns stored in ${Math.round((performance.now() - began) / 1000)} s`,
      );
      sides.push({ turns, ...application, project_id, taken: [] });
    }
    for (let round = -1; round < ROUNDS; round++)
      for (const { question } of asked)
        for (const side of sides) {
          const began = performance.now();
          await side.http('POST', '/api/conversation-contexts/recall', {
            body: { query: question, project_id: side.project_id },
          });
          if (round >= 0) side.taken.push({ ms: performance.now() - began, question });
        }
    const [few, many] = sides.map(({ taken }) => taken.map(({ ms }) => ms));
    const ratio = percentile(many, 0.95) / percentile(few, 0.95);
    const said = numbers =>
      `p50 ${percentile(numbers, 0.5).toFixed(0)} ms, p95 ${percentile(numbers, 0.95).toFixed(0)} ms`;
    console.log(
      `${database}: among ${FEW} turns ${said(few)}; among ${MANY} ${said(many)}; ${ratio.toFixed(2)} times, at most ${MOST}`,
    );
    if (process.env.BENCH_SLOWEST) console.log(sides[1].taken.toSorted((a, b) => b.ms - a.ms).slice(0, 8));
    if (ratio > MOST) process.exitCode = 1;
    while (cleanups.length > 0) await cleanups.shift()();
  }
} finally {
  for (const cleanup of cleanups) await cleanup();
}
