/** RTP clock of Opus (RFC 7587 section 4.1). */
export const SAMPLES_PER_MS = 48;

const SILK_MS = [10, 20, 40, 60];
const CELT_MS = [2.5, 5, 10, 20];

/** How many frames an Opus packet says it holds (RFC 6716 section 3.2); 0 when it is empty. */
export function frameCount(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  if ((toc & 3) === 0) return 1;
  return (toc & 3) === 3 ? (packet[1] ?? 0) & 0x3f : 2;
}

/** Length of an Opus packet in 48 kHz samples (RFC 6716 table 2). */
export function packetSamples(packet: Uint8Array): number {
  const config = (packet[0] ?? 0) >> 3;
  let ms: number | undefined;
  if (config < 12) ms = SILK_MS[config & 3];
  else if (config < 16) ms = (config & 1) === 0 ? 10 : 20;
  else ms = CELT_MS[config & 3];
  return (ms ?? 20) * SAMPLES_PER_MS * frameCount(packet);
}
