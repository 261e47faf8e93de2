import type { AccountId, ClientFrame } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Clock, Random } from '../ports.ts';
import type { Cache } from '../storage/cache.ts';
import type { KnownPeople } from './known-people.ts';

/** What the parts of the Backchannel share, for one account. */
export interface BackchannelContext {
  self: AccountId;
  call: Call;
  clock: Clock;
  random: Random;
  outbox: Outbox;
  cache: Cache;
  people: KnownPeople;
  /** Over the socket; false where it is not open. */
  sendFrame: (frame: ClientFrame) => boolean;
}
