// The attributes that every interactive element has: for the page's script, and for whoever can't see it.
import { isRecord } from '../../slack/validation/walk.ts';
import { type Json, type RenderContext, textOf } from './context.ts';
import { attribute, type Html, html } from './html.ts';

/** What marks an element for the page's script: which action, in which block, and what to ask before. */
export function actionAttributes(element: Json, blockId: string): Html {
  const confirm = isRecord(element.confirm) ? JSON.stringify(element.confirm) : undefined;
  const focus = attribute('data-focus', element.focus_on_load === true);
  return html`${attribute('data-action-id', textOf(element.action_id))}${attribute('data-block-id', blockId)}${attribute('data-type', textOf(element.type))}${attribute('data-confirm', confirm)}${focus}`;
}

/** In an input block the label is the name, and hint and error describe it; elsewhere there is only `fallback`. */
export const naming = ({ input }: RenderContext, fallback: string): Html =>
  input
    ? html`${attribute('aria-describedby', input.describedBy)}${attribute('aria-required', input.required ? 'true' : undefined)}`
    : attribute('aria-label', fallback);
