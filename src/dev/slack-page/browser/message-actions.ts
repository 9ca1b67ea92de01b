// What a message's menu does besides editing: its address, and the shortcuts of the app.
import { post } from './api.ts';
import { attempt, toast } from './dom.ts';
import { closeMenus } from './menus.ts';

type Actions = Record<string, (button: HTMLElement) => unknown>;

/** The actions, for whoever `user` says. */
export const MESSAGE_ACTIONS = (user: () => string): Actions => ({
  'copy-link': async (button) => {
    const { link = '' } = button.closest<HTMLElement>('[data-link]')?.dataset ?? {};
    closeMenus();
    await attempt(() => navigator.clipboard.writeText(link));
    toast('Link copied');
  },
  'message-shortcut': (button) => {
    const { ts, channel } = button.closest<HTMLElement>('[data-ts]')?.dataset ?? {};
    const callbackId = button.dataset.callback;
    closeMenus();
    return attempt(() => post('/human/message-shortcut', { user: user(), channel, ts, callbackId }));
  },
});
