// What costs the database much is done by few at a time in a process: dry runs, and lists of what they found. Decisions,
// heartbeats and health need no turn, and have connections that these can't take.

/** Gives the turn back; calling it twice is as good as once. */
export type Release = () => void;

export type Turns = {
  /** A turn at once. `own`: this person has one already; `all`: nobody can have one just now. */
  now(person: string): Release | 'own' | 'all';
  /** A turn as soon as there is one, in the order of asking; null where there was none within `milliseconds`. */
  wait(milliseconds?: number): Promise<Release | null>;
};

/** Turns for `most` at a time. Whoever waits goes before whoever asks for one at once. */
export function createTurns(most: number): Turns {
  const people = new Set<string>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  const take = (person?: string): Release => {
    taken += 1;
    if (person !== undefined) people.add(person);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      taken -= 1;
      if (person !== undefined) people.delete(person);
      waiting.shift()?.();
    };
  };
  /** The next turn; with a limit, nothing may come of it. */
  const wait = (milliseconds?: number) =>
    new Promise<Release | null>((resolve) => {
      if (taken < most) return resolve(take());
      let late: NodeJS.Timeout | undefined;
      const next = () => {
        clearTimeout(late);
        resolve(take());
      };
      waiting.push(next);
      if (milliseconds === undefined) return;
      late = setTimeout(() => {
        waiting.splice(waiting.indexOf(next), 1);
        resolve(null);
      }, milliseconds);
    });
  return {
    now: (person) => {
      if (people.has(person)) return 'own';
      return taken < most ? take(person) : 'all';
    },
    wait,
  };
}
