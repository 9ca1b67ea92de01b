// Where somebody goes after signing in: a page of this site. Browsers read more than one spelling as another host; what is
// not plainly a path leads to the batches.

const LONGEST = 1000;
const HOME = '/batches';

/** The path that `asked` names on the site `origin`; the list of batches where it names none. */
export function returnPath(asked: string | undefined, origin: string): string {
  if (asked === undefined || asked.length > LONGEST || !isPath(asked) || !isPath(decoded(asked))) return HOME;
  const { origin: of, pathname, search } = new URL(asked, origin);
  // Signing in is no place to come back to.
  if (of !== origin || !isPath(pathname) || pathname.startsWith('/sign-')) return HOME;
  return pathname + search;
}

/** Begins with one slash, and holds neither a backslash nor what browsers drop or split at. */
function isPath(text: string): boolean {
  return /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(text);
}

/** As the path reads to whoever decodes it once; only the path, for a query may hold anything. */
function decoded(asked: string): string {
  const [path = ''] = asked.split(/[?#]/, 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
