const waiting = new Set<() => void>();

/** Waits for the server to be within reach again. @returns to wait no more */
export function onceBack(then: () => void): () => void {
  waiting.add(then);
  return () => waiting.delete(then);
}

/** It is within reach again: whatever waits for it is done now, once. */
export function tellBack(): void {
  const all = [...waiting];
  waiting.clear();
  for (const each of all) each();
}
