/** A box for one picture in a bubble: pixels, before it shrinks with the bubble. */
export interface Box {
  width: number;
  /** Width by height, as shown. */
  ratio: number;
}

const WIDEST = 320;
const TALLEST = 400;
/** Beyond these a picture is cut to its box; the viewer shows it whole. */
const FLATTEST = 2.4;
const STEEPEST = 0.56;

/** The place that a picture of this many pixels gets, known before it has come: nothing jumps. */
export function boxOf(width: number | null, height: number | null): Box {
  const ratio = Math.min(FLATTEST, Math.max(STEEPEST, (width || 4) / (height || 3)));
  return { width: Math.round(Math.min(WIDEST, TALLEST * ratio)), ratio };
}

/** How many columns each of `count` pictures spans in a grid of six. */
export function spansOf(count: number): number[] {
  const rows: Record<number, number[]> = {
    1: [6],
    2: [3, 3],
    3: [6, 3, 3],
    4: [3, 3, 3, 3],
    5: [3, 3, 2, 2, 2],
    6: [2, 2, 2, 2, 2, 2],
    7: [6, 2, 2, 2, 2, 2, 2],
    8: [3, 3, 2, 2, 2, 2, 2, 2],
    9: [2, 2, 2, 2, 2, 2, 2, 2, 2],
    10: [3, 3, 3, 3, 2, 2, 2, 2, 2, 2],
  };
  return rows[count] ?? Array.from({ length: count }, () => 2);
}

/** Pixels of a size whose longer edge is at most `edge`. */
export function widthWithin(width: number, height: number, edge: number): number {
  return Math.round(width * Math.min(1, edge / Math.max(width, height, 1)));
}
