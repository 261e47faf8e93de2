/** How two samples differ that were taken side by side, pair by pair (a sign test): what disturbs both disturbs it little. */
export interface Compared {
  /** How often the first of a pair is the greater: 0.5 where neither tends to be. */
  above: number;
  /** How often chance alone gives as much of a difference; two-sided, by the normal approximation. */
  p: number;
}

/** For some twenty pairs and more; of equal ones, half count as greater. */
export function comparePairs(a: readonly number[], b: readonly number[]): Compared {
  const n = Math.min(a.length, b.length);
  let greater = 0;
  for (let at = 0; at < n; at++) greater += (Math.sign((a[at] ?? 0) - (b[at] ?? 0)) + 1) / 2;
  return { above: greater / n, p: 2 * upperTail(Math.abs(greater - n / 2) / Math.sqrt(n / 4)) };
}

/** Of the standard normal distribution beyond `z` ≥ 0; Abramowitz and Stegun 26.2.17, within 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const sum =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
