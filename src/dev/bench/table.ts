// The figures as people read them.
import type { Comparison, Figure, Goal, RowResult } from './measure.ts';

/** A table of all comparisons, with what has to be said about each row below it. */
export function printTable(results: readonly RowResult[]): string {
  const head = ['what', 'subject', 'peer', 'ratio', 'to reach', ''];
  const lines = results.flatMap(({ comparisons }) => comparisons.map(cells));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const print = (line: readonly string[]) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const notes = results.flatMap(({ name, notes: said }) => said.map((note) => `${name}: ${note}`));
  return [
    print(head),
    print(widths.map((width) => '-'.repeat(width))),
    ...lines.map(print),
    '',
    ...notes,
  ].join('\n');
}

function cells({ what, subject, peer, ratio, goal, met }: Comparison): string[] {
  return [
    what,
    inWords(subject),
    peer === null ? '–' : inWords(peer),
    ratio === null ? '–' : `${ratio.toFixed(2)} ×`,
    goal === null ? 'named' : goalText(goal, ratio !== null),
    met === null ? '' : met ? 'met' : 'NOT MET',
  ];
}

function inWords({ label, median, unit }: Figure): string {
  const digits = Math.abs(median) >= 100 ? 0 : Math.abs(median) >= 10 ? 1 : 2;
  return `${label} ${median.toFixed(digits)} ${unit}`;
}

function goalText(goal: Goal, ofRatio: boolean): string {
  const unit = ofRatio ? ' ×' : '';
  return 'most' in goal ? `≤ ${goal.most}${unit}` : `≥ ${goal.least}${unit}`;
}
