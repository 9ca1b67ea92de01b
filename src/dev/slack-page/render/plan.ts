// plan and task_card: what an app is doing, step by step.
import { isRecord } from '../../slack/validation/walk.ts';
import { type Json, listOf, own, type RenderContext, textOf } from './context.ts';
import { type Html, html } from './html.ts';
import { link, richText } from './rich-text.ts';

const STATES: Record<string, readonly [mark: string, words: string]> = {
  pending: ['○', 'pending'],
  in_progress: ['◔', 'in progress'],
  complete: ['✓', 'complete'],
  error: ['✗', 'failed'],
};

/** One task with its state, details, output and sources. */
export function taskCard(context: RenderContext, card: Json): Html {
  const [mark, words] = own(STATES, textOf(card.status)) ?? ['?', textOf(card.status)];
  const parts = [card.details, card.output].filter(isRecord).map((one) => richText(context, one));
  const sources = listOf(card.sources).map(
    (one) => html`<li>${link(textOf(one.url), textOf(one.text))}</li>`,
  );
  return html`<div class="task task--${textOf(card.status)}"><span class="task__mark" role="img" aria-label="${words}">${mark}</span><div class="task__body"><div class="task__title">${textOf(card.title)}</div>${parts}${sources.length > 0 && html`<ul class="task__sources">${sources}</ul>`}</div></div>`;
}

/** A plan with its tasks. */
export const plan = (context: RenderContext, block: Json): Html =>
  html`<div class="plan" role="group" aria-label="${textOf(block.title)}"><div class="plan__title">${textOf(block.title)}</div>${listOf(block.tasks).map((card) => taskCard(context, card))}</div>`;
