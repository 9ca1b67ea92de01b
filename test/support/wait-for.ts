// Waiting for a state of the world instead of for a time: as long as it takes, and a failure says what never came.

const LONGEST_MS = 20_000;
const LOOK_EVERY_MS = 25;

/** Looks until `look` finds something, and answers it. `what` is the state in words. */
export async function until<Found>(
  what: string,
  look: () => Found | Promise<Found>,
): Promise<Exclude<Found, undefined | null | false>> {
  const end = Date.now() + LONGEST_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) {
      return found as Exclude<Found, undefined | null | false>;
    }
    if (Date.now() > end) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
