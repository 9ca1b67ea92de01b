// What the pages of batches need of the one style sheet: tables that become cards on a phone, and the colours of the picture.
// Every colour has a shape or a word beside it.

export const BATCHES_STYLE = `
:root {
  --eligible: light-dark(#0b5cad, #6cb8f5);
  --alone: light-dark(#8a8a94, #85858f);
  --others: light-dark(#a34a00, #f0a94a);
  --shade: light-dark(#e8f0f8, #243140);
}
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: start; color: var(--quiet); padding-bottom: .25rem; }
th, td { text-align: start; vertical-align: top; padding: .375rem .5rem; border-bottom: 1px solid var(--line); }
td:not(.number) { min-width: 6.5rem; }
td.short { min-width: 0; white-space: nowrap; }
th { background: var(--raised); white-space: nowrap; overflow-wrap: normal; }
.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font-size: .8125rem; }
ul.choices { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .5rem 0 1rem; }
.choices a[aria-current] { color: inherit; font-weight: 700; text-decoration: none; }
.pages { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0; }
.pages a, .choices a { display: inline-block; padding: .25rem 0; }
.nowhere, .remedy { color: var(--quiet); }
.status, .outcome { white-space: nowrap; }
h1 .status { font-size: 1rem; font-weight: 400; border: 1px solid var(--line); border-radius: 1rem; padding: .125rem .625rem; }
.outcome.success, .status.finished { color: var(--good); }
.outcome.error, .status.stopped { color: var(--bad); }
.facts { list-style: none; padding: 0; }
.facts > li { padding: .375rem 0; border-bottom: 1px solid var(--line); }
.facts li li { color: var(--quiet); }
.facts table { margin-top: .375rem; width: auto; }
.facts caption { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
.alarm { color: var(--bad); font-weight: 600; }
p.alarm { border: 2px solid currentColor; border-radius: .375rem; padding: .5rem .75rem; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; }
.filter p { margin: 0; }
.filter label { display: block; font-size: .875rem; color: var(--quiet); }
input, select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: .375rem; padding: .3125rem .5rem; max-width: 100%; }
details > summary { cursor: pointer; }
.picture { display: block; overflow: visible; }
.picture text { fill: var(--quiet); font-size: .75rem; }
.picture text.label { fill: var(--text); paint-order: stroke; stroke: var(--ground); stroke-width: 4px; }
.ground { stroke: var(--quiet); }
.break { stroke: var(--quiet); stroke-dasharray: 2 3; }
rect.window { fill: var(--shade); }
line.mark { stroke: var(--text); stroke-width: 2px; }
rect.mark { fill: var(--text); fill-opacity: .16; stroke: var(--text); }
rect.eligible { fill: var(--eligible); }
rect.alone { fill: var(--alone); }
rect.others { fill: var(--others); }
rect.succeeded { fill: var(--good); }
rect.failed { fill: var(--bad); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; font-size: .875rem; }
.key { vertical-align: -2px; }
.customers td { width: 33%; }
.customers .figure { display: inline-block; min-width: 4ch; text-align: end; font-variant-numeric: tabular-nums; }
svg.bar { width: calc(100% - 7ch); height: .875rem; vertical-align: -2px; }
.bar.before rect { fill: var(--alone); }
.bar.after rect { fill: var(--others); }
@media (max-width: 45rem) {
  table, caption, tbody, tr, td { display: block; width: auto; }
  thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border: 1px solid var(--line); border-radius: .375rem; margin: .5rem 0; padding: .25rem 0; }
  td, td.number { border: 0; text-align: start; padding: .125rem .625rem; white-space: normal; }
  td::before { content: attr(data-head) ": "; color: var(--quiet); }
  td:empty { display: none; }
  .customers td { width: auto; }
  .filter, .filter p, .filter input, .filter select { width: 100%; }
}
`;
