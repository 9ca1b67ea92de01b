// The beginning of a text that isn't ours: a report and a line have few words, whatever the database holds.

/** At most so many words of it; whoever shows it makes it harmless. */
export function firstWords(text: string, most: number): string {
  const words = text.split(/\s+/, 4 * most).filter((word) => word !== '');
  return words.length > most ? `${words.slice(0, most).join(' ')}…` : text;
}
