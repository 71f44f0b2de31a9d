import { filled } from './tellings.mjs';

/** The shares of the kinds of questions; what a client has too few of is made up for by single facts. */
const SHARES = { several: 0.1, time: 0.16, superseded: 0.2, negation: 0.08, name: 0.14, unanswerable: 0.08 };
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']; // prettier-ignore

/** Questions about what was told, with the turns that answer them. `scope` tells where somebody would ask. */
export function questionsOf(client, tellings, sessions, count, random) {
  const told = tellings.filter(({ turn }) => turn);
  const facts = told.filter(one => one.role === 'fact' && !told.some(other => other.of === one));
  const changes = told.filter(one => one.role === 'change' && one.of.turn);
  const makers = {
    single: () => facts.filter(({ kind }) => !kind.denied && !kind.exact).flatMap(one => asked(one, 'single', random)),
    several: () => severalOf(facts, random),
    time: () => told.filter(one => one.role === 'event' && isTellable(one, told)).map(one => timed(one, random)),
    superseded: () =>
      changes.flatMap(one => [
        { ...question('superseded', one.kind.change.now, one.values, [one], random, 'now'), former: one.of.turn },
        question('superseded', one.kind.change.before, one.values, [one.of], random, 'past'),
      ]),
    negation: () => facts.filter(({ kind }) => kind.denied).flatMap(one => asked(one, 'negation', random)),
    name: () => facts.filter(({ kind }) => kind.exact || kind.name === 'host').flatMap(one => asked(one, 'name', random)),
    unanswerable: () => tellings.filter(({ role }) => role === 'untold').map(one => question('unanswerable', one.kind.ask, one.values, [], random)),
  }; // prettier-ignore
  const made = [];
  for (const [category, share] of Object.entries(SHARES))
    made.push(...random.some(makers[category](), Math.round(share * count)));
  const singles = random.shuffled(makers.single());
  made.push(...singles.slice(0, count - made.length));
  return random.shuffled(made).map(one => placed(one, client, random));
}

function question(category, asks, values, about, random, tense) {
  const text = filled(random.one(asks), values);
  return { question: text, category, evidence: about.map(({ turn }) => turn), ...(tense ? { tense } : {}) };
}

/** Two ways in which a fact is asked for, where it has so many. */
const asked = (one, category, random) =>
  random.some(one.kind.ask, 2).map(ask => question(category, [ask], one.values, [one], random));

/** One question about two facts of one topic. */
function severalOf(facts, random) {
  const pairs = facts.flatMap((one, n) =>
    facts.slice(n + 1).filter(other => other.topic === one.topic && other.kind !== one.kind).map(other => [one, other]),
  ); // prettier-ignore
  return pairs.map(pair => {
    const [first = '', second = ''] = pair.map(({ kind, values }) => filled(random.one(kind.ask), values));
    const text = `${first.replace(/\?$/, '')}, and ${second}`;
    return { question: text, category: 'several', evidence: pair.map(({ turn }) => turn) };
  });
}

const monthOf = ({ at }) => at.slice(0, 7);
/** Whether the month tells an event from the others of its kind. */
const isTellable = (one, told) =>
  !told.some(other => other !== one && other.kind === one.kind && monthOf(other) === monthOf(one));

function timed(one, random) {
  const at = new Date(one.at);
  const month = MONTHS[at.getUTCMonth()];
  const when = random.one([
    `in ${month} ${at.getUTCFullYear()}`,
    `on ${at.getUTCDate()} ${month} ${at.getUTCFullYear()}`,
    `on ${one.at.slice(0, 10)}`,
  ]);
  return question('time', one.kind.ask, { ...one.values, when }, [one], random);
}

/** Where it is asked: in the project of the client mostly, else with the client, or anywhere and by its name. */
function placed(one, client, random) {
  const scope = random.is(0.5) ? 'project' : random.is(0.5) ? 'client' : 'none';
  if (scope !== 'none') return { ...one, scope };
  const name = random.one([client.name, client.short]);
  const text = random.is(0.5)
    ? `${name}: ${one.question}`
    : one.question.replace(/\?$/, random.one([` at ${name}?`, ` for ${name}?`]));
  return { ...one, question: text, scope };
}
