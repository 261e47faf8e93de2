import { rooms } from '../../state/sotto.ts';
import type { LevelSource } from '../../ui/level.ts';

const sources = new Map<string, LevelSource>();

/** How loud someone in the room is, as the server heard it last (AU-10). The same source for the same account. */
export function levelOf(account: string): LevelSource {
  let source = sources.get(account);
  if (!source) {
    source = {
      get: () => rooms.speaking.getSnapshot().find(each => each.account === account)?.level ?? 0,
      subscribe: listener => rooms.speaking.subscribe(listener),
    };
    sources.set(account, source);
  }
  return source;
}
