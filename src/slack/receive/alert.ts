// What a message tells of failures: the error's text, where a line quotes one, and everything it says for whoever reads it.
// Must never take for the error's text what only may be one: a wrong text finds nothing, and part of a sentence finds too much.
import { z } from 'zod';
import { MAX_PATTERN } from '../../domain/request.ts';
import { comesBack } from '../blocks/form-fit.ts';
import { asTyped } from '../command/as-typed.ts';

export type Alert = {
  /** What the error's message has in it; null where no line says so. */
  readonly pattern: string | null;
  /** All of it, as it was typed. */
  readonly alert: string;
};

/** More of a message is not looked at. */
const LONGEST = 4000;

const said = z.string().optional().catch(undefined);
const textObject = z.object({ text: said }).optional().catch(undefined);
const field = z.object({ title: said, value: said });

/** The parts of a message that people read, as programs write them. */
const messageShape = z.object({
  text: said,
  blocks: z
    .array(
      z.object({
        text: textObject,
        fields: z
          .array(z.object({ text: said }))
          .optional()
          .catch(undefined),
      }),
    )
    .optional()
    .catch(undefined),
  attachments: z
    .array(
      z.object({
        pretext: said,
        title: said,
        text: said,
        fallback: said,
        fields: z.array(field).optional().catch(undefined),
      }),
    )
    .optional()
    .catch(undefined),
});

/** Every text of a message, each once. */
export function textsOf(message: unknown): string[] {
  const { text, blocks = [], attachments = [] } = messageShape.safeParse(message).data ?? {};
  const all = [
    text,
    ...blocks.flatMap((block) => [block.text?.text, ...(block.fields ?? []).map((one) => one.text)]),
    ...attachments.flatMap((one) => [
      one.pretext,
      one.title,
      one.text ?? one.fallback,
      ...(one.fields ?? []).flatMap(({ title, value }) => [title, value]),
    ]),
  ];
  return [...new Set(all.flatMap((one) => (one === undefined || one === '' ? [] : [one])))];
}

/** Reads a message's texts, as Slack has them. */
export function readAlert(texts: readonly string[]): Alert {
  const lines = texts.join('\n').slice(0, LONGEST).split('\n').map(readLine);
  const candidates = [
    ...lines.flatMap(({ text }) => typed(text)),
    ...lines.flatMap((line) => (line.isQuoted ? [line.text] : [])),
  ];
  const pattern = candidates
    .map(whole)
    .find((text) => comesBack(text, MAX_PATTERN) && text.length >= SHORTEST);
  return { pattern: pattern ?? null, alert: lines.map(({ text }) => text).join('\n') };
}

/** Anything shorter is in too many messages. */
const SHORTEST = 4;

type Line = { readonly text: string; readonly isQuoted: boolean };

const QUOTES = /^(?:"([^"]+)"|“([^”]+)”|`+([^`]+)`+)$/u;

/** A line as it was typed, without what quotes it. */
function readLine(line: string): Line {
  const block = /^\s*(?:&gt;|>)\s?/.exec(line);
  const bare = (block === null ? line : line.slice(block[0].length)).trim();
  const quoted = QUOTES.exec(bare);
  const inner = quoted === null ? bare : (quoted.slice(1).find((one) => one !== undefined) ?? bare);
  return { text: asTyped(inner), isQuoted: block !== null || quoted !== null };
}

/** `TypeError: x is undefined`, `*psycopg2.OperationalError*: …`: a type by its name, and what it says. */
const TYPED =
  /^[*_`]*(?:[\w$]+[.:]{1,2})*[A-Z]?[\w$]*(?:Error|Exception|Fault|Timeout|Failure)[*_`]*:[*_`]*\s+(\S.*)$/u;

function typed(text: string): string[] {
  const message = TYPED.exec(text)?.[1];
  return message === undefined
    ? []
    : [
        QUOTES.exec(message)
          ?.slice(1)
          .find((one) => one !== undefined) ?? message,
      ];
}

/** Without the dots of a text that was cut. */
function whole(text: string): string {
  return text.replace(/\s*(?:…|\.{3,})$/u, '').trim();
}
