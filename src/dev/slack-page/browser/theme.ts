// Light, dark, or as the system is; remembered by the browser.
import { byId } from './dom.ts';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const stored = (): Theme => THEMES.find((one) => one === localStorage.getItem('theme')) ?? 'system';

/** Shows the theme that was chosen last. */
export function showTheme(): void {
  const theme = stored();
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  byId('theme').textContent = `Theme: ${theme}`;
}

/** The next theme. */
export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(stored()) + 1) % THEMES.length] ?? 'system';
  localStorage.setItem('theme', next);
  showTheme();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showTheme);
