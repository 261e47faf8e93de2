import type { AccountId } from '@sotto/protocol';

/** The sockets of this node, counted by account and device: whoever has one is there (RO-5). */
export interface Presence {
  /** @returns whether it is the device's first socket here */
  opened(account: AccountId, device: string): boolean;
  /** @returns whether it was the device's last socket here */
  closed(account: AccountId, device: string): boolean;
  holds(account: AccountId, device: string): boolean;
}

export function createPresence(): Presence {
  const sockets = new Map<string, number>();
  const keyOf = (account: AccountId, device: string): string => `${account} ${device}`;
  return {
    opened(account, device) {
      const key = keyOf(account, device);
      const count = (sockets.get(key) ?? 0) + 1;
      sockets.set(key, count);
      return count === 1;
    },
    closed(account, device) {
      const key = keyOf(account, device);
      const count = (sockets.get(key) ?? 1) - 1;
      if (count > 0) sockets.set(key, count);
      else sockets.delete(key);
      return count === 0;
    },
    holds: (account, device) => sockets.has(keyOf(account, device)),
  };
}
