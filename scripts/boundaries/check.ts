import type { Import } from './imports.ts';
import { rules } from './rules.ts';

/** Every broken rule, a sentence each; empty if all holds. */
export function checkBoundaries(imports: Import[]): string[] {
  const broken = rules.flatMap(rule =>
    imports.filter(rule.breaks).map(({ from, to }) => `${rule.name}: ${from} imports ${to} (${rule.why})`),
  );
  const cycles = findCycles(imports).map(path => `no-cycles: ${path.join(' → ')}`);
  return [...broken, ...cycles];
}

/** Cycles that exist when the program runs: types are gone by then. Each is told once. */
function findCycles(imports: Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const to of next.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return cycles;
}
