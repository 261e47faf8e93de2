import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const rows = readFileSync(new URL('docs/SPEC.md', root), 'utf8')
  .split('\n')
  .flatMap(line => {
    const [, rule, , tests] = line.split('|').map(cell => cell.trim());
    return rule && /^[A-Z]{2}-\d+$/.test(rule)
      ? [{ rule, tests: [...(tests ?? '').matchAll(/`([^`]+)`/g)].map(m => m[1] ?? '') }]
      : [];
  });

describe('docs/SPEC.md', () => {
  it.each(rows)('$rule names tests that name it', ({ rule, tests }) => {
    expect(tests).not.toEqual([]);
    for (const file of tests) {
      const url = new URL(file.startsWith('e2e/') ? file : `packages/${file}`, root);
      expect(existsSync(url), file).toBe(true);
      expect(readFileSync(url, 'utf8'), file).toMatch(new RegExp(`\\b${rule}\\b`));
    }
  });

  it('names each rule once', () => {
    expect(new Set(rows.map(row => row.rule)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(30);
  });
});
