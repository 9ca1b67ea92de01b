// An admin's browser without a window: asks for pages, and reads what stands in them.
import type { Shift } from '../../runs/shift.ts';
import { shared } from '../../support/shared.ts';

export type Answered = { readonly status: number; readonly headers: Headers; readonly markup: string };

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

/** What a page says, without its markup. */
export function textOf(markup: string): string {
  return markup
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:lt|gt|quot|amp|#39);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The cells of each row of the table with this in its caption. */
export function tableOf(markup: string, caption: string): string[][] {
  const tables = markup.match(/<table.*?<\/table>/gs) ?? [];
  const table = tables.find((one) => /<caption>(.*?)<\/caption>/s.exec(one)?.[1]?.includes(caption)) ?? '';
  const body = /<tbody.*?<\/tbody>/s.exec(table)?.[0] ?? '';
  return (body.match(/<tr.*?<\/tr>/gs) ?? []).map((row) =>
    (row.match(/<td.*?<\/td>/gs) ?? []).map((cell) => textOf(cell)),
  );
}

/** Where the link with these words leads; undefined where there is none. */
export function linkTo(markup: string, words: string): string | undefined {
  for (const [, href = '', inside = ''] of markup.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gs))
    if (textOf(inside) === words) return textOf(href);
  return undefined;
}

/** A signed-in admin of the shift's world. */
export function sharedReader(shift: Shift) {
  const session = shared(async () => ({ cookie: await shift.world.session((await shift.world.user()).id) }));
  const ask = async (path: string, cookie: string | null, method = 'GET'): Promise<Answered> => {
    const response = await fetch(`${shift.app.url}${path}`, {
      method,
      redirect: 'manual',
      headers: cookie === null ? {} : { cookie },
    });
    return { status: response.status, headers: response.headers, markup: await response.text() };
  };
  return {
    ask,
    get: (path: string) => ask(path, session.cookie),
    head: (path: string) => ask(path, session.cookie, 'HEAD'),
    /** The lines of a file. */
    csv: async (path: string) => {
      const { markup } = await ask(path, session.cookie);
      return markup.split('\r\n').filter((line) => line !== '');
    },
  };
}
