import { uuidv7 } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { refuse } from '../../platform/refusal.ts';
import { createBatches } from './batches.ts';
import { getConversation, type InboxDeps } from './inbox.ts';
import { type Appended, appendMessages, type Draft } from './store/log.ts';

/** Batches under way at once: each holds a database connection and waits for one flush to disk. */
const LANES = 4;
const BATCH_MAX = 64;

export interface Sending {
  /**
   * Resolves once the message is committed (RT-4).
   * @throws Refusal `not_found`, `cannot_message` or `client_id_reused`
   */
  send(draft: Draft): Promise<{ id: string; seq: number; at: string }>;
}

export function createSending(platform: Platform, deps: InboxDeps): Sending {
  const append = createBatches<Draft, Appended>({
    lanes: LANES,
    max: BATCH_MAX,
    keyOf: draft => draft.conversation,
    async run(drafts) {
      const at = platform.now();
      const appended = await appendMessages(
        platform.db,
        drafts.map(draft => ({ ...draft, id: uuidv7(at.getTime()) })),
        at,
      );
      for (const [index, draft] of drafts.entries()) {
        const result = appended[index];
        if (result?.outcome === 'written') await announce(platform, deps, draft, result);
      }
      return appended;
    },
  });

  return {
    async send(draft) {
      const result = await append(draft);
      switch (result.outcome) {
        case 'absent':
          throw refuse('not_found');
        case 'blocked':
          throw refuse('cannot_message');
        case 'reused':
          throw refuse('client_id_reused');
        default:
          return { id: result.id, seq: result.seq, at: result.at.toISOString() };
      }
    },
  };
}

/** Tells the members of an entry that is committed. Never fails: what is not heard, sequences repair (RT-5). */
async function announce(
  { bus, log }: Platform,
  deps: InboxDeps,
  draft: Draft,
  { seq, id, at, other, readSeq }: Extract<Appended, { outcome: 'written' }>,
): Promise<void> {
  const { conversation, sender, clientId, text } = draft;
  const members = [sender, other];
  if (seq === 1) {
    try {
      await announceConversation({ bus }, deps, conversation, members);
    } catch (error) {
      log.warn({ err: error }, 'a new conversation was not announced');
    }
  }
  const message = { id, sender, clientId, text };
  bus.publish({
    kind: 'frame',
    to: { accounts: members },
    frame: { type: 'entry', conversation, entry: { seq, at: at.toISOString(), kind: 'message', message } },
  });
  if (readSeq !== null)
    bus.publish({
      kind: 'frame',
      to: { accounts: [sender] },
      frame: { type: 'read', conversation, readSeq, unread: 0 },
    });
}

/** The first entry makes the conversation appear in both inboxes (BC-1). */
async function announceConversation(
  { bus }: Pick<Platform, 'bus'>,
  deps: InboxDeps,
  id: string,
  members: readonly string[],
): Promise<void> {
  for (const account of members) {
    const conversation = await getConversation(deps, account, id);
    bus.publish({
      kind: 'frame',
      to: { accounts: [account] },
      frame: { type: 'conversation', conversation },
    });
  }
}
