import type { Conversation, LogEntry } from '@sotto/protocol';
import { type InboxDeps, present } from './inbox.ts';
import { entryOf, planResume } from './policy.ts';
import type { ConversationRow } from './rows.ts';
import { readConversations, readUnnamed } from './store/conversations.ts';
import { readStretches } from './store/log.ts';

/** What a client says it has of a conversation; without `readSeq`, the read mark is not compared; without `canWrite`, true. */
export interface Have {
  conversation: string;
  seq: number;
  readSeq?: number | undefined;
  canWrite?: boolean | undefined;
}

export interface Resumed {
  conversations: Conversation[];
  entries: { conversation: string; entries: LogEntry[] }[];
  limited: string[];
  inboxLimited: boolean;
}

/** Conversations that a client did not name and still gets; beyond, it loads its inbox page by page. */
const UNNAMED_MAX = 500;
/** Characters of text in one answer: it must go through before the socket counts as too slow (RT-7). */
const TEXT_MAX = 128 * 1024;

/**
 * What a client missed (RT-6), found by comparing what it has with every conversation of the account: no clock and no
 * serial number is asked, so nothing that was committed late can be skipped (RT-12).
 */
export async function resume(deps: InboxDeps, account: string, have: readonly Have[]): Promise<Resumed> {
  const named = new Map(have.map(each => [each.conversation, each]));
  const ids = [...named.keys()];
  const [known, unnamed] = await Promise.all([
    readConversations(deps.db, account, ids),
    readUnnamed(deps.db, account, ids, UNNAMED_MAX + 1),
  ]);
  const blocked = await deps.relations.blockedWith(account, deps.db);
  const inboxLimited = unnamed.length > UNNAMED_MAX || textOf(unnamed) > TEXT_MAX;
  const changed = known.filter(row => {
    const client = named.get(row.id);
    const isMoved = (client?.readSeq ?? row.read_seq) !== row.read_seq;
    return isMoved || (client?.canWrite ?? true) === blocked.has(row.other_id);
  });
  const plan = planResume(
    known.map(row => ({ conversation: row.id, seq: named.get(row.id)?.seq ?? 0, head: row.head })),
  );
  const { entries, limited } = fit(await readStretches(deps.db, plan.catchUp));
  return {
    conversations: await present(deps, account, inboxLimited ? changed : [...changed, ...unnamed]),
    entries,
    limited: [...plan.limited, ...limited],
    inboxLimited,
  };
}

const textOf = (rows: readonly ConversationRow[]): number =>
  rows.reduce((sum, row) => sum + (row.last?.text.length ?? 0), 0);

/** Whole stretches as far as their text fits; the rest is to be reloaded. */
function fit(rows: Awaited<ReturnType<typeof readStretches>>): Pick<Resumed, 'entries' | 'limited'> {
  const entries: Resumed['entries'] = [];
  const limited: string[] = [];
  let text = 0;
  for (const [conversation, stretch] of Map.groupBy(rows, row => row.conversation_id)) {
    text += stretch.reduce((sum, row) => sum + row.text.length, 0);
    if (text > TEXT_MAX) limited.push(conversation);
    else entries.push({ conversation, entries: stretch.map(entryOf) });
  }
  return { entries, limited };
}
