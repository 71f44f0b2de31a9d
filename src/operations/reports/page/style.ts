/** The style of every report: plain on the screen, A4 on paper, and as readable in black and white. */
export const STYLE = `
:root { color-scheme: light; --ink: #16202c; --soft: #55606e; --line: #c9cfd7; --bar: #2f5f8f; --urgent: #8c1d18; }
* { box-sizing: border-box; }
html { background: #eef0f3; }
body { margin: 0; color: var(--ink); font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 60rem; margin: 1.5rem auto; padding: 2rem 2.25rem; background: #fff; border: 1px solid var(--line); }
header { border-bottom: 2px solid var(--ink); padding-bottom: .75rem; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 .35rem; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 .4rem; break-after: avoid; }
p { margin: .35rem 0; }
.provider { font-weight: 600; color: var(--soft); margin: 0 0 .35rem; }
.facts { display: flex; flex-wrap: wrap; gap: .1rem 1.5rem; margin: 0; color: var(--soft); }
.facts b { color: var(--ink); font-weight: 600; }
h1, .provider, .facts, td, dd { overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.1rem 0 0; break-inside: avoid; }
.figures div { border: 1px solid var(--line); border-top: 3px solid var(--bar); padding: .5rem .7rem; }
.figures .urgent { border-top-color: var(--urgent); }
.figures dt { color: var(--soft); font-size: .86rem; }
.figures dd { margin: 0; font-size: 1.25rem; font-weight: 650; line-height: 1.3; }
.figures .urgent dd::after { content: " !"; color: var(--urgent); }
figure { margin: 1.5rem 0 0; break-inside: avoid; }
figcaption { font-weight: 650; font-size: 1.05rem; margin-bottom: .3rem; }
figure svg { display: block; width: 100%; height: auto; }
svg text { font-size: 10.5px; fill: var(--ink); }
svg .tick { fill: var(--soft); }
svg .grid { stroke: #dfe3e8; }
svg .base { stroke: var(--ink); }
svg .bar { fill: var(--bar); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
th { font-size: .86rem; color: var(--soft); font-weight: 600; border-bottom: 1.5px solid var(--ink); vertical-align: bottom; }
th:first-child, td:first-child { padding-inline-start: 0; }
th:last-child, td:last-child { padding-inline-end: 0; }
.number { text-align: end; white-space: nowrap; }
td.short { white-space: nowrap; width: 1%; }
span.short { white-space: nowrap; }
td.bar { width: 34%; vertical-align: middle; }
.share { display: block; width: 100%; height: .75rem; }
tbody tr, tfoot tr { break-inside: avoid; }
tfoot td { font-weight: 650; border-bottom: 0; border-top: 1.5px solid var(--ink); }
.lines { margin: 0; padding: 0; list-style: none; }
.urgent-word { color: var(--urgent); font-weight: 650; }
.soft, .none, .note, .empty { color: var(--soft); }
.none { font-style: italic; }
.cut { border: 1.5px solid var(--urgent); padding: .5rem .7rem; margin-top: 1rem; font-weight: 600; }
header + .empty { margin: 1.75rem 0; }
footer { margin-top: 2rem; padding-top: .5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .86rem; }
@page { size: A4; margin: 16mm 14mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; color: #555; } }
@media print {
  html { background: #fff; }
  body { font-size: 9.5pt; }
  main { margin: 0; padding: 0; border: 0; max-width: none; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  .figures { grid-template-columns: repeat(4, 1fr); }
}
`;
