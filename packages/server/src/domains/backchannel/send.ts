import type { CallParsed, Calls, LogEntry, Person } from '@sotto/protocol';
import { uuidv7 } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { refuse } from '../../platform/refusal.ts';
import { untilItPasses } from '../../platform/work.ts';
import { createBatches } from './batches.ts';
import { peopleOf, plainMessage, presentEntries } from './entries.ts';
import { entryFrames, quoteKeptFrom, withoutQuote } from './fanout.ts';
import type { InboxDeps } from './inbox.ts';
import { settle } from './requests/first.ts';
import type { MessageExtra } from './rows.ts';
import { type Appended, appendMessages, type Draft, type Written, wasWritten } from './store/log.ts';
import { mayShare } from './talk/cards.ts';
import { createHerald, type Herald } from './talk/herald.ts';

/** Batches under way at once: each holds a database connection and waits for one flush to disk. */
const LANES = 4;
const BATCH_MAX = 64;

type Body = CallParsed<Calls['POST /v1/conversations/:conversation/messages']>['body'];

export interface Sending {
  /**
   * Resolves once the message is committed (RT-4).
   * @throws Refusal as the contract's `send` names them
   */
  send(draft: Draft): Promise<{ id: string; seq: number; at: string }>;
}

/** What a message carries beside its text; null for nothing. */
export function extraOf({ reply, attachments, card }: Body): MessageExtra | null {
  const extra: MessageExtra = {
    ...(reply !== undefined && { reply }),
    ...(attachments.length > 0 && { attachments }),
    ...(card && { card }),
  };
  return Object.keys(extra).length > 0 ? extra : null;
}

export function createSending(platform: Platform, deps: InboxDeps): Sending {
  const herald = createHerald(platform, deps);
  const append = createBatches<Draft, Outcome>({
    lanes: LANES,
    max: BATCH_MAX,
    keyOf: draft => draft.conversation,
    async run(drafts) {
      const at = platform.now();
      const numbered = drafts.map(draft => ({ ...draft, id: uuidv7(at.getTime()) }));
      const outcomes: Outcome[] = await untilItPasses(() => appendMessages(platform.db, numbered, at));
      for (const [index, draft] of drafts.entries()) {
        // In the lane, so that what one sender sends stays in order.
        if (outcomes[index]?.outcome === 'unsettled')
          outcomes[index] = await settle(platform, deps, draft).catch((error: unknown) => ({
            outcome: 'failed' as const,
            error,
          }));
        const result = outcomes[index];
        if (result?.outcome === 'written') await announce(platform, deps, herald, draft, result);
      }
      return outcomes;
    },
  });

  return {
    async send(draft) {
      const card = draft.extra?.card;
      // A repeat gets its first answer, also where the room of its card is over by now (RT-2).
      if (card && !(await mayShare(deps, draft.sender, card)) && !(await wasWritten(platform.db, draft)))
        throw refuse('card_unknown');
      return answerOf(await append(draft));
    },
  };
}

type Outcome = Appended | { outcome: 'failed'; error: unknown };

function answerOf(result: Outcome): { id: string; seq: number; at: string } {
  switch (result.outcome) {
    case 'written':
    case 'repeated':
      return { id: result.id, seq: result.seq, at: result.at.toISOString() };
    case 'failed':
      throw result.error;
    case 'reused':
      throw refuse('client_id_reused');
    case 'blocked':
      throw refuse('cannot_message');
    case 'reply_unknown':
    case 'attachment_unknown':
    case 'frozen':
      throw refuse(result.outcome);
    case 'off':
      throw refuse('talk_off');
    case 'slow':
      throw refuse('slow_mode', { retryAfter: result.retry });
    case 'silenced':
      throw refuse('silenced', { until: result.at.toISOString() });
    case 'absent':
    case 'unsettled':
      throw refuse('not_found');
  }
}

/** Tells the members of a message that is committed. Never fails: what is not heard, sequences repair (RT-5). */
async function announce(
  platform: Platform,
  deps: InboxDeps,
  herald: Herald,
  draft: Draft,
  written: Written,
): Promise<void> {
  const { bus, log } = platform;
  const { conversation, sender } = draft;
  const { kind, room, others, withheld, readSeq, receipts } = written;
  const place = { id: conversation, kind, room };
  if (kind === 'room')
    herald.tell(place, {
      sender,
      length: draft.text.length,
      entry: () => entryOf(deps, draft, written),
    });
  else
    try {
      const entry = await entryOf(deps, draft, written);
      const people = await namedTo(deps, kind, entry, others ?? []);
      const unquoted = await quoteKeptFrom(deps, place, entry);
      const accounts = others ? [sender, ...others] : [];
      const frames = entryFrames(place, entry, people, {
        accounts: accounts.filter(account => !unquoted.has(account)),
        withheld: withheld ?? [],
      });
      const partly = accounts.filter(account => unquoted.has(account));
      if (partly.length > 0)
        frames.push(...entryFrames(place, withoutQuote(entry), people, { accounts: partly, withheld: [] }));
      for (const { to, frame } of frames) bus.publish({ kind: 'frame', to, frame });
    } catch (error) {
      log.warn({ err: error }, 'a message was not announced');
    }
  if (readSeq !== null)
    bus.publish({
      kind: 'frame',
      to: { accounts: [sender] },
      frame: { type: 'read', conversation, readSeq, unread: 0 },
    });
  if (readSeq !== null && receipts)
    bus.publish({
      kind: 'frame',
      to: { accounts: receipts },
      frame: { type: 'receipt', conversation, account: sender, seq: readSeq },
    });
}

/** Whom a message names. Two who write to each other know who they are: only a card names a third (BC-5). */
async function namedTo(
  deps: InboxDeps,
  kind: string,
  entry: LogEntry,
  others: readonly string[],
): Promise<Person[]> {
  if (kind !== 'direct') return peopleOf(deps, [entry]);
  const card = entry.kind === 'message' ? entry.message.card : null;
  if (card?.kind !== 'profile') return [];
  const apart = new Set(await deps.relations.blockedWith(card.account, deps.db));
  return others.some(account => apart.has(account)) ? [] : peopleOf(deps, [entry]);
}

/** As the log would show it now; asks the database only for what a plain text does not have. */
async function entryOf(
  deps: InboxDeps,
  { conversation, sender, clientId, text, extra }: Draft,
  { id, seq, at }: Written,
): Promise<LogEntry> {
  const row = { id, sender_id: sender, client_id: clientId, text, hidden_at: null };
  if (!extra) return { seq, at: at.toISOString(), kind: 'message', message: plainMessage(row) };
  const [entry] = await presentEntries(deps, [
    {
      ...row,
      conversation_id: conversation,
      seq,
      kind: 'message',
      extra,
      target_seq: null,
      previews: null,
      created_at: at,
    },
  ]);
  if (!entry) throw new Error('entryOf: nothing to present');
  return entry;
}
