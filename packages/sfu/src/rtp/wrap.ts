/** Signed distance from `from` to `to` on the 16-bit circle of sequence numbers (RFC 3550 appendix A.1). */
export function sequenceDelta(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** Signed distance from `from` to `to` on the 32-bit circle of RTP timestamps. */
export function timestampDelta(from: number, to: number): number {
  return (to - from) | 0;
}
