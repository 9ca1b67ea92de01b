// What the application was ordered to do wrong, and which calls it got. Kept in a file, line by line, so that a crash
// forgets neither.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Answered, Call, OrderedFault, Strikes } from './call.ts';
import { type CallFault, type Fault, isOfRow } from './faults.ts';
import type { RetryRequest } from './request.ts';

type Entry =
  | { readonly kind: 'ordered'; readonly ordered: OrderedFault }
  | { readonly kind: 'removed'; readonly id: string }
  | { readonly kind: 'called'; readonly call: Call }
  | { readonly kind: 'struck'; readonly call: string; readonly ids: readonly string[] }
  | { readonly kind: 'row'; readonly call: string; readonly row: Call['rows'][number] }
  | {
      readonly kind: 'answered';
      readonly call: string;
      readonly of: Pick<Call, 'answer' | 'answered_at' | 'hung_up'>;
    };

export class Journal {
  private readonly faults = new Map<string, OrderedFault>();
  private readonly called = new Map<string, Call>();
  private readonly file: string | undefined;

  /** Without a file it is forgotten with the process. */
  constructor(file?: string) {
    this.file = file;
    for (const line of file === undefined ? [] : linesOf(file)) this.apply(entryOf(line));
  }

  /** Goes on writing where a process that was killed may have left half a line. */
  goOn(): this {
    if (this.file !== undefined) appendFileSync(this.file, '\n');
    return this;
  }

  order(fault: Fault): string {
    const ordered = { id: randomUUID(), fault, left: fault.kind === 'poison' ? null : fault.times };
    this.write({ kind: 'ordered', ordered });
    return ordered.id;
  }

  remove(id: string): void {
    this.write({ kind: 'removed', id });
  }

  /** What still waits for a call. */
  ordered(): OrderedFault[] {
    return [...this.faults.values()].filter(({ left }) => left !== 0);
  }

  /** Every call, the oldest first. */
  calls(): Call[] {
    return [...this.called.values()];
  }

  begin(of: Pick<Call, 'method' | 'url' | 'body'>): string {
    const [id, at] = [randomUUID(), new Date().toISOString()];
    const call = { ...of, id, at, faults: [], rows: [], answer: null, answered_at: null, hung_up: false };
    this.write({ kind: 'called', call });
    return id;
  }

  /** The faults that strike this call: those of its rows, and the first in the queue that is of no row. */
  strike(call: string, request: RetryRequest): Strikes {
    const waiting = this.ordered().filter(({ fault }) => fault.dry_run === request.dry_run);
    const ofRows = waiting.filter(
      ({ fault }) => isOfRow(fault) && request.execution_uuids?.includes(fault.execution_uuid),
    );
    const ofCall = waiting.filter(({ fault }) => !isOfRow(fault)).slice(0, 1);
    const struck = [...ofRows, ...ofCall];
    if (struck.length > 0) this.write({ kind: 'struck', call, ids: struck.map(({ id }) => id) });
    const faults = struck.map(({ fault }) => fault);
    return {
      call: faults.find((fault): fault is CallFault => !isOfRow(fault)),
      rows: faults.filter(isOfRow),
    };
  }

  committed(call: string, row: Call['rows'][number]): void {
    this.write({ kind: 'row', call, row });
  }

  answered(call: string, answer: Answered, hungUp: boolean): void {
    const of = { answer, answered_at: new Date().toISOString(), hung_up: hungUp };
    this.write({ kind: 'answered', call, of });
  }

  private write(entry: Entry): void {
    this.apply(entry);
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(entry)}\n`);
  }

  private apply(entry: Entry | undefined): void {
    switch (entry?.kind) {
      case 'ordered':
        this.faults.set(entry.ordered.id, { ...entry.ordered });
        break;
      case 'removed':
        this.faults.delete(entry.id);
        break;
      case 'called':
        this.called.set(entry.call.id, { ...entry.call, rows: [...entry.call.rows] });
        break;
      case 'struck':
        this.applyStrike(entry.call, entry.ids);
        break;
      case 'row':
        this.called.get(entry.call)?.rows.push(entry.row);
        break;
      case 'answered':
        Object.assign(this.called.get(entry.call) ?? {}, entry.of);
        break;
      case undefined:
    }
  }

  private applyStrike(call: string, ids: readonly string[]): void {
    const struck = ids.flatMap((id) => this.faults.get(id) ?? []);
    for (const one of struck) if (one.left !== null) one.left -= 1;
    const found = this.called.get(call);
    if (found) found.faults = struck.map(({ fault }) => fault.kind);
  }
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

/** Undefined where a line is none. */
function entryOf(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
