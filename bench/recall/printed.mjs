import { GOALS } from './compared.mjs';

const line = cells => `| ${cells.join(' | ')} |`;
const table = (names, rows) => [line(names), line(names.map(() => '---')), ...rows.map(line)].join('\n');
const shown = value => (value === null || value === undefined ? '–' : String(value));

const COLUMNS = [
  'recall@5',
  'recall@10',
  'recall@20',
  'mrr',
  'any session@5',
  'all sessions@5',
  'all sessions@10',
];
const figures = (heading, all) =>
  table([heading, 'questions', ...COLUMNS], Object.entries(all).map(([name, one]) => [name, one.questions, ...COLUMNS.map(column => shown(one[column]))])); // prettier-ignore

/** The figures of `compared` as tables; shares in percent. */
export function printed({
  turns,
  sessions,
  systems,
  categories,
  scopes,
  lead,
  isSame,
  silence,
  budgets,
  decay,
  begun,
  leaks,
  passed,
}) {
  const [enough] = Object.entries(budgets).find(([, { kept }]) => kept >= GOALS.kept) ?? [];
  const lines = Object.entries({
    [`smallest of these budgets that keeps ${GOALS.kept} % of the evidence`]: enough,
    'points of recall@10 above the best baseline': lead,
    'the same on all databases': isSame,
    ...silence,
    'rows of other clients that were told': leaks,
  });
  return [
    `${turns} turns in ${sessions} sessions`,
    figures('', systems),
    figures('category', categories),
    figures('asked in', scopes),
    table(['tokens', 'evidence kept', 'fewer tokens than the conversation'], Object.entries(budgets).map(([budget, { kept, reduction }]) => [budget, kept, reduction])),
    ...(decay ? [table(['', 'without decay', 'with'], Object.entries(decay).map(([name, { without, with: whole }]) => [name, without, whole]))] : []),
    ...(begun ? [table(['projects of 5 to 30 turns', ''], Object.entries(begun))] : []),
    table(['', ''], lines.map(([name, value]) => [name, shown(value)])),
    passed ? 'reached' : 'MISSED',
  ].join('\n\n'); // prettier-ignore
}
