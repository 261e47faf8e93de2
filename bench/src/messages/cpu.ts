import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts a process's time in hundredths of a second, whatever the machine (USER_HZ, proc(5)). */
const TICK_MICROSECONDS = 10_000;

interface Process {
  parent: number;
  own: number;
  /** Of its children that have ended. */
  ended: number;
}

/** CPU time of everything that a process has started, in microseconds; zero where there is no /proc. */
export function descendantsCpu(of: number): number {
  const all = new Map<number, Process>();
  for (const name of entriesOf('/proc')) {
    const found = /^\d+$/.test(name) ? read(Number(name)) : null;
    if (found) all.set(Number(name), found);
  }
  const under = (parent: number): number => {
    let sum = 0;
    for (const [pid, each] of all) if (each.parent === parent) sum += each.own + each.ended + under(pid);
    return sum;
  };
  return under(of) * TICK_MICROSECONDS;
}

const entriesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

function read(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in brackets, may hold anything: what follows it is numbers from the third field on.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]);
    return { parent: at(4), own: at(14) + at(15), ended: at(16) + at(17) };
  } catch {
    return null;
  }
}
