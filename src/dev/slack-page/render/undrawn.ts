// What stands where this page can't draw something: loud, so that a person sees it and a test finds it.
import { type Html, html } from './html.ts';

/** A box that says which block or element isn't drawn. */
export const undrawn = (what: 'block' | 'element', type: unknown): Html =>
  html`<div class="undrawn" role="note" data-undrawn="${String(type)}">This page can't draw the ${what} “${String(type)}”. In Slack there would be one here.</div>`;
