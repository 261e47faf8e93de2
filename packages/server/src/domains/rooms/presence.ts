import type { AccountId } from '@sotto/protocol';

/**
 * The sockets of this node, by account and device. A socket that named no device when it opened (its client was in no
 * room yet) becomes the device's that enters next.
 */
export interface Presence {
  opened(account: AccountId, device: string | null): void;
  /** The device that has no socket any more by this, if it was its last. */
  closed(account: AccountId, device: string | null): string | null;
  /** The device enters a room: is there a socket that is, or may be, its own? */
  entered(account: AccountId, device: string): boolean;
  holds(account: AccountId, device: string): boolean;
}

interface Sockets {
  unnamed: number;
  /** Of those that opened unnamed, how many became a device's: they will close unnamed too. */
  adopted: string[];
  named: Map<string, number>;
}

export function createPresence(): Presence {
  const accounts = new Map<AccountId, Sockets>();

  const of = (account: AccountId): Sockets => {
    const known = accounts.get(account);
    if (known) return known;
    const sockets: Sockets = { unnamed: 0, adopted: [], named: new Map() };
    accounts.set(account, sockets);
    return sockets;
  };
  const add = (sockets: Sockets, device: string): void => {
    sockets.named.set(device, (sockets.named.get(device) ?? 0) + 1);
  };
  const take = (sockets: Sockets, device: string): string | null => {
    const left = (sockets.named.get(device) ?? 0) - 1;
    if (left > 0) sockets.named.set(device, left);
    else sockets.named.delete(device);
    return left > 0 ? null : device;
  };
  const forget = (account: AccountId, sockets: Sockets): void => {
    if (sockets.unnamed === 0 && sockets.named.size === 0) accounts.delete(account);
  };

  return {
    opened(account, device) {
      const sockets = of(account);
      if (device === null) sockets.unnamed += 1;
      else add(sockets, device);
    },
    closed(account, device) {
      const sockets = accounts.get(account);
      if (!sockets) return device;
      let gone: string | null = null;
      if (device !== null) gone = take(sockets, device);
      // Which of the unnamed it was cannot be told: the one that is in no room is the harmless guess.
      else if (sockets.unnamed > 0) sockets.unnamed -= 1;
      else {
        const adopted = sockets.adopted.pop();
        if (adopted !== undefined) gone = take(sockets, adopted);
      }
      forget(account, sockets);
      return gone;
    },
    entered(account, device) {
      const sockets = accounts.get(account);
      if (!sockets) return false;
      if (sockets.named.has(device)) return true;
      if (sockets.unnamed === 0) return false;
      sockets.unnamed -= 1;
      sockets.adopted.push(device);
      add(sockets, device);
      return true;
    },
    holds: (account, device) => accounts.get(account)?.named.has(device) ?? false,
  };
}
