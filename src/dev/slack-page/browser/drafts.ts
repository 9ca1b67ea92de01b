// What one has begun to write, by conversation: it is there again when one comes back, and after a reload.

const PREFIX = 'draft ';

/** The draft of a conversation, or `''`. */
export const draftOf = (key: string): string => localStorage.getItem(`${PREFIX}${key}`) ?? '';

/** Keeps a draft; an empty one is none. */
export function keepDraft(key: string, text: string): void {
  if (text.trim() === '') localStorage.removeItem(`${PREFIX}${key}`);
  else localStorage.setItem(`${PREFIX}${key}`, text);
}

/** Marks the channels in the sidebar that this person has a draft in; the open one has its box for that. */
export function markDrafts(as: string, open: string): void {
  for (const button of document.querySelectorAll<HTMLElement>('.sidebar .channel[data-channel]')) {
    const { channel = '' } = button.dataset;
    const has = channel !== '' && channel !== open && draftOf(`${as} ${channel} `) !== '';
    button.toggleAttribute('data-draft', has);
  }
}
