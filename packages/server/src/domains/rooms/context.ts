import type { Platform } from '../../platform/platform.ts';
import type { AccountsPort, AudioPort, GraphPort, TalkPort } from './ports.ts';
import type { Presence } from './presence.ts';
import type { Pulse } from './pulse.ts';

/** What every action of this domain stands on. */
export interface Context {
  platform: Platform;
  accounts: AccountsPort;
  graph: GraphPort;
  audio: AudioPort;
  talk: TalkPort;
  presence: Presence;
  pulse: Pulse;
}
