// A browser as far as signing in needs one: cookies by host, redirects one by one, the provider's form. Without a script, as
// the pages are.

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly url: string;
};

/** Each has a cookie jar of its own. As in a browser, cookies of a host are sent to all its ports. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  /** The Cookie header for the bot. */
  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** One request, without following where it leads. */
  async ask(url: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) headers.set('cookie', this.header);
    const answer = await fetch(url, { redirect: 'manual', ...init, headers });
    for (const line of answer.headers.getSetCookie()) this.keep(line);
    return { status: answer.status, headers: answer.headers, text: await answer.text(), url };
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const isGone =
      attributes.some((one) => /^max-age=0$/i.test(one)) || /expires=Thu, 01 Jan 1970/i.test(line);
    if (isGone || value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** Follows redirects until a page, or an address that `until` is true for, which is not asked any more. */
  async follow(url: string, until: (url: string) => boolean = () => false): Promise<Answer> {
    let answer = await this.ask(url);
    for (let n = 0; n < 15; n += 1) {
      const location = answer.headers.get('location');
      if (location === null) return answer;
      const next = new URL(location, answer.url).href;
      if (until(next)) return { ...answer, url: next };
      answer = await this.ask(next);
    }
    throw new Error(`it leads round in circles: ${answer.url}`);
  }

  /** From the bot's /sign-in to the provider, as this person, and back until just before the callback is asked: its address. */
  async walk(bot: string, email: string, query = ''): Promise<string> {
    const choice = await this.follow(`${bot}/sign-in${query}`);
    if (choice.status !== 200) throw new Error(`no choice of people, but ${choice.status}: ${choice.text}`);
    const chosen = await this.ask(choice.url, {
      method: 'POST',
      body: new URLSearchParams({ email }),
    });
    const next = new URL(chosen.headers.get('location') ?? '', choice.url).href;
    const back = await this.follow(next, (url) => new URL(url).pathname === '/sign-in/callback');
    return back.url;
  }

  /** All of it; answers what the callback answered. */
  async signIn(bot: string, email: string, query = ''): Promise<Answer> {
    return this.ask(await this.walk(bot, email, query));
  }
}
