import { vi } from 'vitest';

/** Waits until it holds, for as long as a busy machine may take. */
export const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, 15_000);
