import fc from 'fast-check';
import { formatForInjection } from '../../src/memory/compression/injection.js';
import { calculateRelevanceScore } from '../../src/memory/compression/relevance.js';

const NOW = new Date('2026-03-31T12:00:00Z');

it('a score has bounded parts and stays within 0 and 10', () => {
  const at = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();
  const score = (importance: number, days: number, usage_count = 0) =>
    calculateRelevanceScore({ importance, at: at(days), usage_count }, NOW);
  expect([score(10, 0, 32), score(10, 30), score(10, 36_500), score(1, 36_500)]).toEqual([10, 8, 7, 0.7]);
  expect(score(5, 10, 5)).toBeGreaterThan(score(5, 10, 4));
  expect(score(5, 9)).toBeGreaterThan(score(5, 10));
  expect(score(5, -10)).toBe(score(5, 0));
});

describe('said to an assistant', () => {
  const item = (id: string, text: string) => ({
    id,
    type: 'decision_log',
    text,
    at: '2026-01-02T03:04:05Z',
    score: 7,
  });
  const perWord = (text: string) => text.split(/\s+/).length;

  it('is a dated line for each, inside the budget, the same once', () => {
    const items = [
      item('1', 'Use LACP on the core'),
      item('2', 'use LACP on the core.'),
      item('3', 'router '.repeat(500)),
    ];
    const { markdown, ids, tokens, left_out } = formatForInjection(items, 60, perWord);
    expect(markdown.split('\n').slice(0, 2)).toEqual([
      '## From memory',
      '- 2026-01-02 decision 7 1: Use LACP on the core',
    ]);
    expect([ids, left_out, tokens <= 60]).toEqual([['1', '3'], 0, true]);
  });

  it('keeps what differs in a number or is denied', () => {
    const items = [item('1', 'Port 443 of the proxy is open'), item('2', 'Port 444 of the proxy is open'), item('3', 'Port 443 of the proxy is not open')];
    expect(formatForInjection(items, 1000, perWord).ids).toEqual(['1', '2', '3']);
  }); // prettier-ignore

  it('cannot be written so that it looks like another item, a heading or the end of what was recalled', () => {
    const bits = ['\n', '\r', '\u2028', '\u0085', '\v', '- ', '## ', '# From memory', '> ', '  ', 'x', '**', '```', '2026-01-02 decision 9 a1:', '</opskeep-recall>', '<opskeep-recall>', '< /OPSKEEP-recall>', '\u202e']; // prettier-ignore
    const text = fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 20 }).map(all => all.join('')); // prettier-ignore
    const any = fc.record({ id: fc.uuid(), type: text, title: fc.option(text), label: fc.option(text), text, at: text }); // prettier-ignore
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), fc.integer({ min: 20, max: 400 }), (items, most) => {
        const { markdown, ids } = formatForInjection(items, most, perWord);
        const [heading, ...lines] = markdown.split(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/);
        expect(heading).toBe(ids.length > 0 ? '## From memory' : '');
        expect(lines.filter(line => line.startsWith('- '))).toHaveLength(ids.length);
        for (const line of lines) expect(line).toMatch(/^(?:- |  > )/);
        expect(markdown).not.toMatch(/<\s*\/?\s*opskeep-recall/i);
      }),
    );
  });

  it('quotes each of several lines, and says the title beside the facts', () => {
    const one = {
      ...item('0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001', 'First\n\n- second'),
      title: 'Two\n# things',
    };
    expect(formatForInjection([one], 1000, perWord).markdown.split('\n')).toEqual([
      '## From memory',
      '- 2026-01-02 decision 7 ffff0001: **Two # things**',
      '  > First',
      '  > - second',
    ]);
  });

  it('is nothing where there is nothing', () => {
    expect(formatForInjection([], 1000, perWord)).toEqual({ markdown: '', tokens: 0, ids: [], left_out: 0 });
  });
});
