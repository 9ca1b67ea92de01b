// The picture of a batch: its failures over time as bars, with what was done about them marked; the same as a table.
import { html } from 'hono/html';
import { count, counted } from '../../../slack/blocks/figures.ts';
import { type Axis, placeOn } from '../../../views/axis.ts';
import type { Timeline, TimelineBar } from '../../../views/timeline.ts';
import { dataTable, type Html } from './parts.ts';

/** From the top, in pixels: a line for the window and one for each mark, the bars, a strip for the replays, the times. */
const LINE = 18;
const BARS = { top: 86, height: 110 };
const GROUND = BARS.top + BARS.height;
const STRIP = 7;
const HEIGHT = GROUND + 56;

const failuresOf = ({ eligible, alone, others }: TimelineBar) => eligible + alone + others;

/** The section of the picture. */
export function timelineSection(timeline: Timeline): Html {
  const most = Math.max(1, ...timeline.bars.map(failuresOf));
  return html`<section aria-labelledby="picture"><h2 id="picture">Failures over time</h2>
<p>${summary(timeline)}</p>
<svg class="picture" role="img" aria-label="${`${summary(timeline)} The table below has the same.`}" width="100%" height="${HEIGHT}">
${windowShade(timeline)}
<line class="ground" x1="0%" x2="100%" y1="${GROUND}" y2="${GROUND}"></line>
<text x="0%" y="${BARS.top - 6}">${counted(most, 'failure')} in ${lengthInWords(timeline.axis.stepMs)}</text>
${timeline.bars.map((bar) => bars(bar, most, timeline.axis))}
${timeline.marks.map((mark, index) => markLine(timeline.axis, mark, index + 1))}
${times(timeline.axis)}
</svg>
${legend(timeline)}
<details><summary>The same as a table</summary>
${table(timeline)}
</details>
</section>`;
}

function summary({ bars, isMore, eligible: all, othersAre }: Timeline): string {
  const sum = (of: (bar: TimelineBar) => number) => bars.reduce((all, bar) => all + of(bar), 0);
  const [eligible, alone, others] = [
    sum((bar) => bar.eligible),
    sum((bar) => bar.alone),
    sum((bar) => bar.others),
  ];
  const whole = eligible < all ? ` of ${count(all)} (what is stored of them)` : '';
  const parts = [`${counted(eligible, 'failure')}${whole} to be replayed`];
  if (alone > 0) parts.push(`${count(alone)} like them that the plan leaves alone`);
  const many = `${isMore ? 'at least ' : ''}${count(others)}`;
  if (othersAre !== 'not_drawn') parts.push(`${many} like them ${OTHERS[othersAre].words}`);
  return `${parts.join(', ')}.${othersAre === 'all' ? '' : ` ${OTHERS[othersAre].note}`}`;
}

/** What the bars of other executions are of, and which ones there are none of. */
const OTHERS = {
  all: { words: 'that are not in the plan', key: 'not in the plan', note: '' },
  outside_of_window: {
    words: 'outside of the window',
    key: 'outside of the window',
    note: 'What else failed like them in the window is not drawn: the plan does not store all of its rows.',
  },
  not_drawn: {
    words: '',
    key: 'not in the plan',
    note: 'What else failed like them is not drawn: the plan does not store all of its rows.',
  },
} as const;

/** Where a moment is drawn, in per cent. */
function x(axis: Axis, moment: number): number {
  return placeOn(axis, moment) * 100;
}

const percent = (value: number) => `${value.toFixed(3)}%`;

function windowShade({ axis, window }: Timeline): Html {
  if (window === null) return html``;
  const [from, to] = [x(axis, window.from), x(axis, window.to)];
  return html`<rect class="window" x="${percent(from)}" y="${LINE - 14}" width="${percent(Math.max(0.4, to - from))}" height="${GROUND - LINE + 14}"></rect>
${label(from, to, 'window', 0)}`;
}

/** Words beside a stretch, on the side where there is room for them. */
function label(from: number, to: number, words: string, line: number): Html {
  const isRight = from > 50;
  return html`<text class="label" x="${percent(isRight ? to : from)}" y="${LINE * (line + 1) - 4}" dx="${isRight ? -4 : 4}" text-anchor="${isRight ? 'end' : 'start'}">${words}</text>`;
}

function bars(bar: TimelineBar, most: number, axis: Axis): Html {
  const left = x(axis, bar.at);
  const width = x(axis, bar.at + axis.stepMs) - left;
  let base = GROUND;
  const part = (value: number, name: string) => {
    if (value === 0) return html``;
    // What is there is seen, however much more there is beside it.
    const height = Math.max(2, (value / most) * BARS.height);
    base -= height;
    return html`<rect class="${name}" x="${percent(left + width * 0.08)}" y="${base.toFixed(1)}" width="${percent(width * 0.84)}" height="${height.toFixed(1)}"></rect>`;
  };
  const strip = (value: number, name: string, row: number) =>
    value === 0
      ? html``
      : html`<rect class="${name}" x="${percent(left)}" y="${GROUND + 3 + row * (STRIP + 1)}" width="${percent(width)}" height="${STRIP}"></rect>`;
  return html`<g><title>${`${moment(bar.at)}: ${counted(failuresOf(bar), 'failure')}`}</title>${part(bar.eligible, 'eligible')}${part(bar.alone, 'alone')}${part(bar.others, 'others')}${strip(bar.succeeded, 'succeeded', 0)}${strip(bar.failed, 'failed', 1)}</g>
`;
}

function markLine(axis: Axis, { what, from, to }: Timeline['marks'][number], line: number): Html {
  const [left, right] = [x(axis, from), x(axis, to)];
  const y = LINE * (line + 1) - 14;
  const shape =
    right - left < 0.3
      ? html`<line class="mark" x1="${percent(left)}" x2="${percent(left)}" y1="${y}" y2="${GROUND}"></line>`
      : html`<rect class="mark" x="${percent(left)}" y="${y}" width="${percent(right - left)}" height="${GROUND - y}"></rect>`;
  return html`${shape}${label(left, right, what, line)}
`;
}

function times(axis: Axis): Html {
  const { steps, stepMs, breakAfter } = axis;
  const [first = 0, last = 0] = [steps[0], steps.at(-1)];
  const below = GROUND + 3 + 2 * (STRIP + 1) + 14;
  const end = html`<text x="100%" y="${below}" text-anchor="end">${moment(last + stepMs)}</text>`;
  const start = html`<text x="0%" y="${below}">${moment(first)}</text>`;
  const again = breakAfter === null ? undefined : steps[breakAfter];
  const before = breakAfter === null ? undefined : steps[breakAfter - 1];
  if (again === undefined || before === undefined) return html`${start}${end}`;
  const at = x(axis, again);
  const middle = (x(axis, before + stepMs) + at) / 2;
  const words = `${moment(before + stepMs)} … ${moment(again)}`;
  const anchor = middle < 33 ? 'start' : middle > 67 ? 'end' : 'middle';
  return html`<line class="break" x1="${percent(middle)}" x2="${percent(middle)}" y1="${BARS.top}" y2="${GROUND + 16}"></line>
<text x="${percent(anchor === 'start' ? 0 : anchor === 'end' ? 100 : middle)}" y="${below + LINE}" text-anchor="${anchor}">${words}</text>${start}${end}`;
}

function legend({ marks, window, bars, axis, othersAre }: Timeline): Html {
  const has = (of: (bar: TimelineBar) => number) => bars.some((bar) => of(bar) > 0);
  const key = (name: string, words: string) =>
    html`<li><svg class="key" aria-hidden="true" focusable="false" width="14" height="14"><rect class="${name}" width="14" height="14"></rect></svg> ${words}</li>
`;
  return html`<ul class="legend">
${key('eligible', 'failures to be replayed')}${has((bar) => bar.alone) ? key('alone', 'like them, left alone') : ''}${has((bar) => bar.others) ? key('others', `like them, ${OTHERS[othersAre].key}`) : ''}${has((bar) => bar.succeeded) ? key('succeeded', 'replays that succeeded') : ''}${has((bar) => bar.failed) ? key('failed', 'replays that failed') : ''}${window === null ? '' : key('window', `window: ${moment(window.from)} to ${moment(window.to)}`)}${marks.map(({ what, from, to }) => key('mark', from === to ? `${what}: ${second(from)}` : `${what}: ${second(from)} to ${second(to)}`))}${axis.breakAfter === null ? '' : html`<li>… nothing happened between these times; they are left out</li>`}</ul>`;
}

function table({ bars, axis, marks, othersAre }: Timeline): Html {
  const figures = [
    { head: 'to be replayed', of: (bar: TimelineBar) => bar.eligible },
    { head: 'left alone', of: (bar: TimelineBar) => bar.alone },
    { head: OTHERS[othersAre].key, of: (bar: TimelineBar) => bar.others },
    { head: 'replays succeeded', of: (bar: TimelineBar) => bar.succeeded },
    { head: 'replays failed', of: (bar: TimelineBar) => bar.failed },
  ].filter(({ of }, index) => index === 0 || bars.some((bar) => of(bar) > 0));
  const rows = bars.flatMap((bar) => {
    const done = marks.flatMap(({ what, from, to }) => [
      ...(within(bar, axis, from) ? [from === to ? what : `${what} begin`] : []),
      ...(from !== to && within(bar, axis, to) ? [`${what} end`] : []),
    ]);
    if (done.length === 0 && figures.every(({ of }) => of(bar) === 0)) return [];
    return [[moment(bar.at), ...figures.map(({ of }) => of(bar)), done.join(', ')]];
  });
  const columns = [
    { head: 'begin' },
    ...figures.map(({ head }) => ({ head, isNumber: true })),
    { head: 'done then' },
  ];
  return dataTable(
    `Failures in steps of ${lengthInWords(axis.stepMs)}; steps without anything are left out`,
    columns,
    rows,
  );
}

const within = (bar: TimelineBar, { stepMs }: Axis, at: number) => at >= bar.at && at < bar.at + stepMs;

function second(at: number): string {
  return Number.isFinite(at)
    ? `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`
    : 'an unknown time';
}

/** To the minute, where the second says nothing. */
function moment(at: number): string {
  return second(at).replace(/:00Z$/, 'Z');
}

const LENGTHS = [
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

function lengthInWords(length: number): string {
  const [name, unit] = LENGTHS.find(([, each]) => length % each === 0) ?? ['s', 1000];
  const many = count(length / unit);
  return name === 'day' ? counted(length / unit, 'day') : `${many} ${name}`;
}
