// Small menus: they open where there is room, and close when something else is clicked or Escape is pressed.

const open = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>('.menu[open]')];

/** Closes what is open; true where something was. The focus goes back to what had opened it. */
export function closeMenus(): boolean {
  const all = open();
  for (const menu of all) {
    const had = menu.contains(document.activeElement);
    menu.open = false;
    if (had) menu.querySelector('summary')?.focus();
  }
  return all.length > 0;
}

document.addEventListener('click', ({ target }) => {
  for (const menu of open()) if (!menu.contains(target as Node)) menu.open = false;
});

document.addEventListener(
  'toggle',
  ({ target }) => {
    const menu = target as HTMLElement;
    const items = menu.querySelector('.menu__items');
    const scroller = menu.closest('.scroller');
    if (!menu.matches('.menu[open]') || !items || !scroller) return;
    const isCut = items.getBoundingClientRect().bottom > scroller.getBoundingClientRect().bottom;
    menu.classList.toggle('menu--up', isCut);
  },
  { capture: true },
);
