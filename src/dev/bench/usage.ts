// What processes take of the machine, as the kernel counts it (/proc): CPU time and memory. Linux only.
import { readdir, readFile, writeFile } from 'node:fs/promises';

/** The kernel's clock ticks a second; 100 on every Linux there is. */
const TICKS = 100;

/** CPU seconds that these processes took since they started, their ended children with them. */
export async function cpuSeconds(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map(async (pid) => (await statOf(pid))?.cpu ?? 0));
  return each.reduce((sum, one) => sum + one, 0);
}

/** A process and everything below it. */
export async function treeOf(root: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, parent: (await statOf(pid))?.parent })));
  const tree = [root];
  for (const pid of tree) tree.push(...stats.filter((one) => one.parent === pid).map((one) => one.pid));
  return tree;
}

/** MiB of memory that a process has in use now, and at most since `forgetPeak`. */
export async function memory(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}

/** Lets the peak be counted anew. */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

/** CPU seconds that the machine did since it started, whoever did it. */
export async function machineSeconds(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  // user nice system idle iowait irq softirq steal; the guest's time is within user.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

async function statOf(pid: number): Promise<{ parent: number; cpu: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold anything.
  const fields = text
    ?.slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (fields === undefined) return undefined;
  const [, parent = 0, , , , , , , , , , user = 0, system = 0, childUser = 0, childSystem = 0] = fields;
  return { parent, cpu: (user + system + childUser + childSystem) / TICKS };
}
