import type { ClientFrame, Me } from '@sotto/protocol';
import { type Backchannel, createBackchannel } from './backchannel/backchannel.ts';
import type { Call } from './calls/client.ts';
import { createOutbox, type Outbox } from './outbox/outbox.ts';
import type { Tabs } from './outbox/tabs.ts';
import type { Clock, Random } from './ports.ts';
import { type Cache, createCache } from './storage/cache.ts';
import type { DeviceStorage } from './storage/device.ts';

/** What belongs to one account on this device, from signing in to signing out. */
export interface AccountScope {
  readonly id: string;
  readonly outbox: Outbox;
  readonly cache: Cache;
  readonly backchannel: Backchannel;
  stop(): void;
}

export interface AccountScopeOptions {
  me: Me;
  call: Call;
  clock: Clock;
  random: Random;
  storage: DeviceStorage;
  tabs: Tabs;
  sendFrame: (frame: ClientFrame) => boolean;
}

export function openAccount(options: AccountScopeOptions): AccountScope {
  const { me, call, clock, random, storage, tabs, sendFrame } = options;
  const cache = createCache(me.id, storage, clock);
  const outbox = createOutbox({
    account: me.id,
    call,
    storage,
    tabs,
    clock,
    random,
    onSettled: ({ conversation, entry }) => backchannel.settled(conversation, entry),
    onOpened: conversation => backchannel.opened(conversation),
  });
  const backchannel = createBackchannel({ self: me.id, call, clock, random, outbox, cache, sendFrame });
  return {
    id: me.id,
    outbox,
    cache,
    backchannel,
    stop() {
      outbox.stop();
      backchannel.stop();
      void cache.flush();
    },
  };
}
