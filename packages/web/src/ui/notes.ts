export interface Note {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  action?: { label: string; run: () => void } | undefined;
}

/** Milliseconds a note stays; one that offers something to do stays longer. */
const STAY = 4500;
const STAY_WITH_ACTION = 12_000;
const MOST = 3;

let notes: readonly Note[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Note[]): void {
  notes = next;
  for (const listener of listeners) listener();
}

export const noteStore = {
  getSnapshot: (): readonly Note[] => notes,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Shows a short note at the bottom. The same words twice are shown once. */
export function note(
  text: string,
  options: { tone?: Note['tone']; action?: Note['action']; stay?: boolean } = {},
): number {
  const id = nextId++;
  const others = notes.filter(other => other.text !== text);
  set([...others, { id, text, tone: options.tone ?? 'plain', action: options.action }].slice(-MOST));
  if (!options.stay) setTimeout(() => dismiss(id), options.action ? STAY_WITH_ACTION : STAY);
  return id;
}

export function dismiss(id: number): void {
  if (notes.some(each => each.id === id)) set(notes.filter(each => each.id !== id));
}
