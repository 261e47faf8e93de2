import { sql } from 'kysely';
import type { Work } from '../../../platform/work.ts';
import { appendEvent, tellMembers } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';
import { tellGone } from './tell.ts';

/** What becomes of an invitation to a group, under the conversation's lock. */
export interface GroupInvitations {
  /** They are in the group; everyone in it is told. */
  join(work: Work, account: string, conversation: string): Promise<void>;
  /** It is gone from their requests; nobody else is told. */
  decline(work: Work, account: string, conversation: string): Promise<void>;
}

export const groupInvitations = (deps: InboxDeps): GroupInvitations => ({
  async join(work, account, conversation) {
    const at = deps.now();
    await sql`update members m
      set state = 'active', state_at = ${at}::timestamptz, joined_at = ${at}::timestamptz, version = m.version + 1,
        first_seq = c.head + 1, read_seq = c.head
      from conversations c
      where c.id = m.conversation_id and m.conversation_id = ${conversation} and m.account_id = ${account}`.execute(
      work.tx,
    );
    await sql`update conversations set people_count = people_count + 1 where id = ${conversation}`.execute(
      work.tx,
    );
    await tellMembers(work, deps, conversation, [account]);
    await appendEvent(
      work,
      deps,
      { id: conversation, kind: 'group', room: null },
      { kind: 'people', by: account, extra: { change: 'joined', accounts: [account] } },
    );
  },
  async decline(work, account, conversation) {
    await sql`update members set state = 'left', state_at = ${deps.now()}::timestamptz, version = version + 1
      where conversation_id = ${conversation} and account_id = ${account}`.execute(work.tx);
    tellGone(work, account, conversation);
  },
});
