/** How two samples differ by rank (Mann and Whitney): nothing is assumed of how times are spread. */
export interface Ranked {
  /** How often one of `a` is greater than one of `b`: 0.5 where neither tends to be. */
  above: number;
  /** How often chance alone gives as much of a difference; two-sided, by the normal approximation, corrected for ties. */
  p: number;
}

/** For samples of some twenty and more. */
export function compareRanks(a: readonly number[], b: readonly number[]): Ranked {
  const all = [...a.map(value => ({ value, mine: true })), ...b.map(value => ({ value, mine: false }))];
  all.sort((x, y) => x.value - y.value);
  const n = all.length;
  let ranks = 0;
  let ties = 0;
  for (let from = 0; from < n; ) {
    let to = from;
    while (to < n && all[to]?.value === all[from]?.value) to += 1;
    const equal = to - from;
    // Equal ones share the mean of their ranks, counted from 1.
    ranks += ((from + 1 + to) / 2) * all.slice(from, to).filter(one => one.mine).length;
    ties += equal ** 3 - equal;
    from = to;
  }
  const pairs = a.length * b.length;
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const spread = Math.sqrt((pairs / 12) * (n + 1 - ties / (n * (n - 1))));
  return { above: u / pairs, p: spread === 0 ? 1 : 2 * upperTail(Math.abs(u - pairs / 2) / spread) };
}

/** Of the standard normal distribution beyond `z` ≥ 0; Abramowitz and Stegun 26.2.17, within 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const sum =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
