// Patches what is on the page into what it should be, touching only what differs: focus, scroll position, open
// details, and whatever has been typed or picked stay.

/** State that belongs to the person who looks, not to the server. */
const THEIRS = new Set([
  ...['open', 'value', 'checked', 'selected', 'rows'],
  ...['aria-expanded', 'aria-activedescendant', 'aria-invalid', 'aria-busy', 'data-target', 'data-draft'],
]);

/** Filled by a script of the page: the server says that it is there, and nothing else. */
const isOwn = (element: Element): boolean => element.hasAttribute('data-own');

const keyOf = (node: Node): string | null =>
  node instanceof Element ? (node.getAttribute('data-key') ?? (node.id || null)) : null;

function alike(a: Node, b: Node): boolean {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function patchAttributes(from: Element, to: Element): void {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !THEIRS.has(name)) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value && !THEIRS.has(name)) from.setAttribute(name, value);
  }
}

function patch(from: Node, to: Node): void {
  if (from instanceof Element && to instanceof Element) {
    if (from.isEqualNode(to)) return;
    patchAttributes(from, to);
    if (!(from instanceof HTMLTextAreaElement) && !isOwn(from)) patchChildren(from, to);
  } else if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
}

/** The old node that becomes `wanted`: the one with its key, else the next that looks like it. */
function match(candidates: readonly Node[], used: ReadonlySet<Node>, wanted: Node): Node | undefined {
  const key = keyOf(wanted);
  return candidates.find(
    (one) => !used.has(one) && alike(one, wanted) && (key !== null || keyOf(one) === null),
  );
}

function patchChildren(from: Element, to: Element): void {
  const old = [...from.childNodes];
  const used = new Set<Node>();
  let at: ChildNode | null = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const found = match(old, used, wanted);
    if (!found) {
      from.insertBefore(wanted, at);
      continue;
    }
    used.add(found);
    if (found !== at) from.insertBefore(found, at);
    else at = at.nextSibling;
    patch(found, wanted);
  }
  for (const node of old) if (!used.has(node)) from.removeChild(node);
}

/** Makes the children of `element` what `html` says. */
export function morph(element: Element, html: string): void {
  const template = document.createElement('template');
  template.innerHTML = html;
  const wanted = document.createElement(element.nodeName);
  wanted.append(template.content);
  patchChildren(element, wanted);
}
