import { html, type Markup, type Part } from './markup.js';

export interface Point {
  label: string;
  value: number;
  /** The value as people read it. */
  shown: string;
}

const [WIDTH, HEIGHT] = [720, 200];
const [LEFT, TOP, BOTTOM] = [64, 18, 24];
const [RIGHT, FLOOR] = [WIDTH - 4, HEIGHT - BOTTOM];
/** Columns that have room for what they are, each. */
const ROOM = 13;

/** Steps of an axis: 1, 2 or 5 times a power of ten, some four of them; whole ones where values are. */
export function steps(least: number, most: number, isWhole: boolean): number[] {
  const [from, to] = [Math.min(0, least), Math.max(0, most)];
  const rough = (to - from || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].find(one => one * power >= rough) ?? 10;
  const step = isWhole ? Math.max(1, size * power) : size * power;
  const [first, last] = [Math.floor(from / step), Math.ceil(to / step) || 1];
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Columns over an axis of values, from left to right. */
export function columnChart(
  title: string,
  points: readonly Point[],
  { unit = (value: number) => String(value), isWhole = true } = {},
): Markup {
  const values = points.map(one => one.value);
  const axis = steps(Math.min(...values), Math.max(...values), isWhole);
  const [least = 0, most = 1] = [axis[0], axis.at(-1)];
  const y = (value: number) => round(FLOOR - ((value - least) / (most - least)) * (FLOOR - TOP));
  const wide = (RIGHT - LEFT) / Math.max(1, points.length);
  const column = Math.min(48, wide * 0.7);
  const every = Math.ceil(points.length / ROOM);
  const lines = axis.map(
    value =>
      html`<line
          class="${value === 0 ? 'base' : 'grid'}"
          x1="${LEFT}"
          x2="${RIGHT}"
          y1="${y(value)}"
          y2="${y(value)}"
        />
        <text class="tick" x="${LEFT - 6}" y="${y(value) + 3.5}" text-anchor="end">${unit(value)}</text>`,
  );
  const columns = points.map(({ label, value, shown }, at): Part => {
    const middle = round(LEFT + (at + 0.5) * wide);
    const [top, end] = [y(Math.max(0, value)), y(Math.min(0, value))];
    const above = points.length <= ROOM && value !== 0;
    return html`<rect
        class="bar"
        x="${round(middle - column / 2)}"
        y="${top}"
        width="${round(column)}"
        height="${round(end - top)}"
        ><title>${label}: ${shown}</title></rect
      >
      ${above ? html`<text class="value" x="${middle}" y="${top - 4}" text-anchor="middle">${shown}</text>` : ''}${
        at % every === 0
          ? html`<text class="tick" x="${middle}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`
          : ''
      }`;
  });
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${lines}${columns}</svg>
  </figure>`;
}

/** A bar in a cell of a table, as long as its share of the greatest. */
export function bar(value: number, most: number): Markup {
  const share = most > 0 ? round(Math.max(0, Math.min(1, value / most)) * 100) : 0;
  return html`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar" width="${share}" height="10" />
  </svg>`;
}
