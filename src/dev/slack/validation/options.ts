// Judges what an app answers to a search in an external select: options or groups of them, within Slack's limits.
import { validateMessageBlocks } from './validate.ts';
import { isRecord } from './walk.ts';

export type OptionGroup = { readonly label: string; readonly options: readonly Record<string, unknown>[] };

export type OptionsVerdict =
  | { readonly ok: true; readonly groups: readonly OptionGroup[] }
  | { readonly ok: false; readonly reason: string };

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const optionsIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

/** The groups of an answer; options without a group are one without a label. */
export function optionGroupsIn(answer: unknown): OptionsVerdict {
  if (!isRecord(answer)) return { ok: false, reason: 'the answer is no JSON object' };
  const { options, option_groups: groups } = answer;
  if (isEmptyList(options) || isEmptyList(groups)) return { ok: true, groups: [] };
  // A select with fixed options has the same limits.
  const select = {
    type: 'static_select',
    action_id: 'a',
    ...(options === undefined ? {} : { options }),
    ...(groups === undefined ? {} : { option_groups: groups }),
  };
  const verdict = validateMessageBlocks([{ type: 'actions', elements: [select] }], '');
  if (!verdict.ok && verdict.error !== 'msg_blocks_too_long') {
    const [problem] = verdict.problems;
    return { ok: false, reason: `${problem?.message} at ${problem?.pointer.replace('/0/elements/0', '')}` };
  }
  if (!Array.isArray(groups)) return { ok: true, groups: [{ label: '', options: optionsIn(options) }] };
  return {
    ok: true,
    groups: groups.filter(isRecord).map((group) => ({
      label: isRecord(group.label) ? String(group.label.text) : '',
      options: optionsIn(group.options),
    })),
  };
}
