import { factsOf, replacedDecisions } from '../src/memory/compression/supersession.js';
import { extractKeyDecisions } from '../src/memory/compression/decisions.js';
import { APART, REPLACING } from './decision-pairs.js';

/** As it is logged below a heading. */
function decided(text: string, at: string) {
  const [one] = extractKeyDecisions(`## Decisions\n- ${text}`);
  return { facts: factsOf(one?.decision ?? ''), at };
}
const replaced = (older: string, newer: string) =>
  replacedDecisions(decided(newer, '2026-02-01'), [
    decided('We use Halo for the invoices and GitLab for the code', '2026-01-01'),
    decided(older, '2026-01-02'),
  ]).map(({ at }) => at);

it.each(REPLACING)('%s ← %s', (older, newer) => {
  expect(replaced(older, newer)).toEqual(['2026-01-02']);
});

it.each(APART)('%s | %s', (older, newer) => {
  expect(replaced(older, newer)).toEqual([]);
});
