import { CHATTER, CHORES, GENERAL, LEADS, OPENINGS, OUTPUTS, TAILS, TOOL_LINES } from './chatter.mjs';
import { tellingsOf } from './tellings.mjs';
import { questionsOf } from './questions.mjs';
import { ASKED_AT, valueOf } from './world.mjs';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Over so many days the sessions with a client are spread. */
const SPREAD = 425;

/** The sessions with one client, and the questions about them. */
export function conversationOf(client, id, size, random) {
  const days = random
    .some([...Array(SPREAD).keys()], size.sessions)
    .sort((a, b) => b - a)
    .map(day => Date.parse(ASKED_AT) - (day + 1) * DAY_MS - random.below(300) * MINUTE_MS);
  const tellings = tellingsOf(client, size, random);
  const sessions = days.map((at, n) => {
    const told = tellings.filter(one => one.session === n);
    return sessionOf(client, `${id}-s${n + 1}`, at, told, size.turns, random);
  });
  const questions = questionsOf(client, tellings, sessions, size.questions, random);
  return { id, name: client.name, sessions, questions };
}

/** A session: an opening, what is told, and in between what is only talk. The turns of a telling learn their ids. */
function sessionOf(client, id, at, told, length, random) {
  const topics = [...new Set(told.map(({ topic }) => topic))];
  const topic = topics[0] ?? random.one(Object.keys(CHATTER));
  const said = told.reduce((sum, one) => sum + one.turns.length, 0);
  const gaps = told.map(() => 0);
  for (let left = length - 1 - said; left > 0; left--) if (gaps.length > 0) gaps[random.below(gaps.length)]++;
  const turns = [];
  const say = (speaker, text) => {
    const turn = {
      id: `${id}-t${turns.length + 1}`,
      speaker,
      text: text.replaceAll('{client}', client.name),
    };
    turns.push(turn);
    return turn;
  };
  say('user', random.one(OPENINGS[topic]));
  for (const [n, one] of told.entries()) {
    const before = random.below((gaps[n] ?? 0) + 1);
    for (let k = 0; k < before; k++) talk(say, client, one.topic, random);
    for (const [k, text] of one.turns.entries()) {
      const isLast = k === one.turns.length - 1;
      const turn = say(
        one.turns.length > 1 ? (k % 2 ? 'assistant' : 'user') : random.one(['user', 'assistant']),
        dressed(text, isLast, random),
      );
      if (isLast && one.role !== 'again') one.turn = turn.id;
    }
    one.at = new Date(at + turns.length * MINUTE_MS).toISOString();
    for (let k = before; k < (gaps[n] ?? 0); k++) talk(say, client, one.topic, random);
  }
  while (turns.length < length) talk(say, client, topic, random);
  return { at: new Date(at).toISOString(), id, turns };
}

function talk(say, client, topic, random) {
  const filled = text =>
    text.replaceAll(/\{(\w+)\}/g, (_, slot) =>
      slot === 'client' ? client.name : valueOf(slot, client, random),
    );
  if (random.is(0.1)) say('tool', filled(random.one(OUTPUTS)));
  else if (random.is(0.15)) say('tool', filled(random.one(TOOL_LINES)));
  else if (random.is(0.08)) say('user', random.one(CHORES));
  else if (random.is(0.45)) say(random.one(['user', 'assistant']), random.one(GENERAL));
  else say(random.one(['user', 'assistant']), dressed(filled(random.one(CHATTER[topic])), true, random));
}

/** With a sentence before or after, as often as people add one. */
function dressed(text, isStatement, random) {
  const lead = isStatement && random.is(0.25) ? `${random.one(LEADS)} ` : '';
  const tails = isStatement ? random.some(TAILS, random.below(3)) : [];
  return [lead + text, ...tails].join(' ');
}
