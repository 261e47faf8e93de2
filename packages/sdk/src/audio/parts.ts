import type { ServerFrame } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import type { Clock, Random, Wake } from '../ports.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Audio } from './types.ts';

/** What an audio session needs of the rest of the client. */
export interface AudioParts {
  call: Call;
  rooms: Rooms;
  clock: Clock;
  random: Random;
  wake: Wake;
}

export interface AudioService {
  readonly audio: Audio;
  handle(frame: ServerFrame): void;
  stop(): void;
}
