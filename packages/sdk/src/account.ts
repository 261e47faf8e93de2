import type { ClientFrame, Me } from '@sotto/protocol';
import { type Backchannel, createBackchannel } from './backchannel/backchannel.ts';
import { createKnownPeople } from './backchannel/known-people.ts';
import type { Call } from './calls/client.ts';
import { createOutbox, type Outbox } from './outbox/outbox.ts';
import type { Tabs } from './outbox/tabs.ts';
import type { Clock, Random, Wake } from './ports.ts';
import type { RoomState } from './rooms/types.ts';
import { type Cache, createCache } from './storage/cache.ts';
import type { DeviceStorage } from './storage/device.ts';
import type { Readable } from './stores/store.ts';

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
  wake: Wake;
  rooms: Readable<RoomState>;
  sendFrame: (frame: ClientFrame) => boolean;
}

export function openAccount(options: AccountScopeOptions): AccountScope {
  const { me, call, clock, random, storage, tabs, wake, rooms, sendFrame } = options;
  const cache = createCache(me.id, storage, clock);
  const outbox = createOutbox({
    account: me.id,
    call,
    storage,
    tabs,
    clock,
    random,
    wake,
    onSettled: settled => backchannel.settled(settled),
    onOpened: conversation => backchannel.opened(conversation),
  });
  const people = createKnownPeople(cache);
  const context = { self: me.id, call, clock, random, outbox, cache, people, sendFrame };
  const backchannel = createBackchannel(context, rooms);
  const unleave = wake.onLeave?.(() => {
    backchannel.leave();
    void cache.flush();
  });
  return {
    id: me.id,
    outbox,
    cache,
    backchannel,
    stop() {
      unleave?.();
      outbox.stop();
      backchannel.stop();
      void cache.flush();
    },
  };
}
