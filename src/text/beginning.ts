// The beginning of a text: its first words, of which a report and a line have few whatever the database holds, and its first
// letter.

/** At most so many words of it, with `…` where some are missing; whoever shows it makes it harmless. */
export function firstWords(text: string, most: number): string {
  const words = text.split(/\s+/, 4 * most).filter((word) => word !== '');
  return words.length > most ? `${words.slice(0, most).join(' ')}…` : text;
}

/** Words of our own at the beginning of a sentence. */
export function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
