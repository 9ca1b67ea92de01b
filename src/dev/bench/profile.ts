// Reads what `node --cpu-prof` wrote: which functions a process was in, themselves and nothing below them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  /** Microseconds of the monotonic clock, as of process.hrtime. */
  startTime: z.number(),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

export type Hot = { readonly what: string; readonly share: number };

/** Microseconds of the clock that profiles use. */
export function profileClock(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The functions with the most time of their own between two moments, with their share of the time it was busy. */
export async function hottest(folder: string, from: number, until: number, most: number): Promise<Hot[]> {
  const [file, ...more] = (await readdir(folder))
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .toReversed();
  if (file === undefined || more.length > 0) throw new Error(`one profile was to be in ${folder}`);
  const profile = profileSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let at = profile.startTime;
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const took = profile.timeDeltas[index] ?? 0;
    at += took;
    const name = names.get(id) ?? '';
    if (at < from || at > until || name === '(idle)') continue;
    busy += took;
    times.set(name, (times.get(name) ?? 0) + took);
  }
  return [...times]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, most)
    .map(([what, took]) => ({ what, share: took / busy }));
}

function nameOf({
  functionName,
  url,
  lineNumber,
}: {
  functionName: string;
  url: string;
  lineNumber: number;
}): string {
  if (url === '') return functionName;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const short = path.replace(ROOT, '').replace('node_modules/', '');
  return `${functionName || '(anonymous)'} ${short}:${lineNumber + 1}`;
}
