import { firstIndex } from './window.ts';

/** The chunks on the page and, before and after them, what stands for the others: from the top down. */
const partsOf = (box: HTMLElement) => box.querySelector('[role=log]')?.children ?? [];

/** The message at the top of what is in view, and where it stands in the box. */
export function anchorOf(box: HTMLElement): { key: string; top: number } | undefined {
  const view = box.getBoundingClientRect();
  const parts = partsOf(box);
  const isBelow = (index: number) => (parts[index]?.getBoundingClientRect().bottom ?? 0) > view.top;
  for (let index = firstIndex(parts.length, isBelow); index < parts.length; index++) {
    for (const element of parts[index]?.querySelectorAll<HTMLElement>('[data-key]') ?? []) {
      const { top, bottom } = element.getBoundingClientRect();
      if (bottom > view.top + 4 && element.dataset.key)
        return { key: element.dataset.key, top: top - view.top };
    }
  }
  return undefined;
}

/** The last message of which at least a part is in view. */
export function lowestSeq(box: HTMLElement): number | null {
  const { bottom } = box.getBoundingClientRect();
  const parts = partsOf(box);
  const isBeyond = (index: number) => (parts[index]?.getBoundingClientRect().top ?? 0) >= bottom;
  for (let index = firstIndex(parts.length, isBeyond) - 1; index >= 0; index--) {
    const elements = [...(parts[index]?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])];
    for (const element of elements.reverse())
      if (element.getBoundingClientRect().top < bottom - 8) return Number(element.dataset.seq);
  }
  return null;
}
