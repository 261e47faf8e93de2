import type { Work } from '../../../platform/work.ts';
import { tellMembers } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';
import { touchMembers } from '../store/memberships.ts';
import { sharedGroups } from './store.ts';

/** Part of the transaction of a block or its end: the groups of both look different to who did it, and only they are told (PE-5). */
export async function tellSharedGroups(
  work: Work,
  inbox: InboxDeps,
  actor: string,
  other: string,
): Promise<void> {
  for (const conversation of await sharedGroups(work.tx, actor, other)) {
    await touchMembers(work.tx, conversation, [actor]);
    await tellMembers(work, inbox, conversation, [actor]);
  }
}
