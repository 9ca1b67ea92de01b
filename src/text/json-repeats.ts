// Names that a JSON text gives twice in one object. JSON.parse lets the last one win and says nothing, so that a body could say
// `"dry_run": true` to whoever reads it and mean the opposite.

/** `path` is the outermost object's field; `name` the one that is given `times` times, there or in what the field holds. */
export type Repeat = { readonly path: string; readonly name: string; readonly times: number };

type Level = { readonly names: Map<string, number> | null };

// Strings, and what opens, closes and separates; everything else is a number, a word or white space.
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** The repeats of a text that JSON.parse has read, in their order. Names are compared as they read, whatever their escapes. */
export function jsonRepeats(text: string): Repeat[] {
  const repeats: Repeat[] = [];
  const levels: Level[] = [];
  let field = '';
  let string = '';
  for (const [token] of text.matchAll(TOKENS)) {
    switch (token) {
      case '{':
        levels.push({ names: new Map() });
        break;
      case '[':
        levels.push({ names: null });
        break;
      case '}':
      case ']':
        for (const [name, times] of levels.pop()?.names ?? []) {
          if (times > 1) repeats.push({ path: levels.length === 0 ? name : field, name, times });
        }
        break;
      case ':': {
        const name = String(JSON.parse(string));
        const names = levels.at(-1)?.names;
        names?.set(name, (names.get(name) ?? 0) + 1);
        if (levels.length === 1) field = name;
        break;
      }
      case ',':
        break;
      default:
        string = token;
    }
  }
  return repeats;
}
