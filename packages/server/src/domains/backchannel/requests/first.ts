import { uuidv7 } from '../../../platform/ids.ts';
import type { Platform } from '../../../platform/platform.ts';
import { memberOf } from '../access.ts';
import type { InboxDeps } from '../inbox.ts';
import { type Appended, appendMessages, type Draft } from '../store/log.ts';
import { activate } from '../store/memberships.ts';

/**
 * Sends where the two have yet to agree to talk. Who writes has agreed.
 */
export async function settle(platform: Platform, deps: InboxDeps, draft: Draft): Promise<Appended> {
  return platform.transact(async ({ tx }) => {
    const standing = await memberOf(tx, draft.sender, draft.conversation, { lock: true });
    await activate(tx, draft.conversation, [draft.sender, ...(standing.other ? [standing.other] : [])]);
    const at = platform.now();
    const [result] = await appendMessages(
      tx,
      [{ ...draft, id: uuidv7(at.getTime()), words: deps.people.searchWords(draft.text) }],
      at,
    );
    return result ?? { outcome: 'absent' };
  });
}
