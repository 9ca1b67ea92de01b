// The names of the world's time zones, for whoever must not take one for something else.

const CITIES: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('timeZone').flatMap((zone) => zone.toLowerCase().split('/')),
);

/** `new_york`, `europe`: part of a zone's name, however it is written. */
export function isTimeZoneCity(word: string): boolean {
  return CITIES.has(word.toLowerCase());
}
