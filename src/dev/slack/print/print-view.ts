// A modal or a Home tab as text: its title, its blocks, and what stands in its inputs.
import { type Block, isRecord } from '../validation/walk.ts';
import type { Field, View } from '../world/model.ts';
import { valuesOf } from '../world/view-stack.ts';
import type { World } from '../world/world.ts';
import { plainText, userName, utc } from './plain-text.ts';
import { printBlocks } from './print-blocks.ts';

const textIn = (value: unknown): string => (isRecord(value) ? String(value.text ?? '') : '');

/** One picked or typed thing, as a person reads it. */
function said(world: World, name: string, one: unknown): string {
  if (isRecord(one)) return textIn(one.text);
  if (name === 'selected_date_time') return utc(Number(one));
  if (/user/.test(name)) return `@${userName(world, String(one))}`;
  if (/channel|conversation/.test(name)) return `#${world.channels.get(String(one))?.name ?? String(one)}`;
  return String(one);
}

function held(world: World, { type: _, ...field }: Field): string {
  const [name = '', value] = Object.entries(field)[0] ?? [];
  const all = [value].flat().filter((one) => one !== null && one !== undefined);
  return all.map((one) => said(world, name, one)).join(', ') || '–';
}

function input(world: World, view: View, block: Block): string[] {
  const element = isRecord(block.element) ? block.element : {};
  const field = valuesOf(world, view)[String(block.block_id)]?.[String(element.action_id)];
  const optional = block.optional === true ? ' (optional)' : '';
  const hint = textIn(block.hint);
  const head = `${textIn(block.label)}${optional}: ${field ? held(world, field) : '–'}`;
  return hint === '' ? [head] : [head, `  ${hint}`];
}

/** The view's lines, its buttons last. */
export function printView(world: World, view: View): string {
  const { title, blocks, close, submit } = view.content;
  const buttons = [textIn(close), textIn(submit)].filter((one) => one !== '').map((one) => `[ ${one} ]`);
  const lines = [
    ...(title ? [`== ${plainText(world, textIn(title))} ==`] : []),
    ...(view.trouble ? [view.trouble] : []),
    ...blocks.flatMap((block) =>
      block.type === 'input' ? input(world, view, block) : printBlocks(world, [block]),
    ),
    ...(buttons.length > 0 ? [buttons.join('  ')] : []),
  ];
  return `${lines.join('\n')}\n`;
}
