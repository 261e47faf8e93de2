let spoken = '';
let turn = false;
const listeners = new Set<() => void>();

export const announceStore = {
  getSnapshot: (): string => spoken,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Says something to screen readers, politely. The same words again are said again. */
export function announce(text: string): void {
  turn = !turn;
  spoken = turn ? text : `${text}\u00a0`;
  for (const listener of listeners) listener();
}
