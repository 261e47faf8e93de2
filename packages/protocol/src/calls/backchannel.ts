import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { ATTACHMENTS_MAX, MUTE_CHOICES, SEARCH_QUERY_MAX } from '../limits.ts';
import {
  BackchannelChoices,
  Conversation,
  Emoji,
  LogEntry,
  MessageText,
  ShareCard,
} from '../schemas/backchannel.ts';
import { Id, Instant, line, SEQ_MAX, Seq } from '../schemas/common.ts';
import { Person } from '../schemas/people.ts';

const tag = 'Backchannel';
const conversation = z.strictObject({ conversation: Id });
const message = z.strictObject({ conversation: Id, seq: z.coerce.number().int().min(1).max(SEQ_MAX) });
const after = z.string().max(200).optional().describe('`next` of the page before.');

/** What a message carries beside its `clientId`. */
const body = {
  text: MessageText.default(''),
  reply: z.int().min(1).max(SEQ_MAX).optional().describe('`seq` of the message it answers.'),
  attachments: z
    .array(Id)
    .max(ATTACHMENTS_MAX)
    .refine(ids => new Set(ids).size === ids.length, 'each once')
    .default([])
    .describe('Finished uploads of yours, each sent only once.'),
  card: ShareCard.optional(),
};

export const backchannelCalls = defineCalls({
  'GET /v1/conversations': {
    name: 'listConversations',
    tag,
    summary: 'The inbox: pinned first, then the latest. Requests are not in it (BC-10).',
    access: 'member',
    query: z.strictObject({
      view: z.enum(['inbox', 'archived']).default('inbox'),
      after,
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    response: z.object({
      conversations: z.array(Conversation),
      /** People whom the newest messages name. */
      people: z.array(Person),
      next: z.string().nullable(),
      unread: z
        .int()
        .describe('Conversations with something unread, in the whole inbox, muted ones left out.'),
      requests: z.int().describe('Requests and invitations that wait (BC-14).'),
    }),
    errors: [],
  },
  'PUT /v1/conversations/direct/:account': {
    name: 'openDirect',
    tag,
    summary:
      'The one conversation between you and someone; made if there is none. Shown to them once something is written (BC-1).',
    access: 'member',
    params: z.strictObject({ account: Id }),
    response: Conversation,
    errors: ['not_found', 'not_yourself'],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'GET /v1/conversations/:conversation': {
    name: 'getConversation',
    tag,
    summary: 'One conversation.',
    access: 'member',
    params: conversation,
    response: Conversation,
    errors: ['not_found'],
  },
  'PATCH /v1/conversations/:conversation': {
    name: 'setPlace',
    tag,
    summary: 'Mute, pin, archive, mark unread: for you alone, on all your devices (BC-8).',
    access: 'member',
    params: conversation,
    body: z.strictObject({
      mute: z.enum(MUTE_CHOICES).optional(),
      pinned: z.boolean().optional(),
      archived: z.boolean().optional(),
      markedUnread: z.boolean().optional(),
    }),
    response: Conversation,
    errors: ['not_found', 'too_many_pinned'],
  },
  'GET /v1/conversations/:conversation/log': {
    name: 'readLog',
    tag,
    summary:
      'Entries in the order of `seq`: those after `after`, the last before `before`, those around `around` or the first on or after the instant `at`; else the newest. Oldest first in every case.',
    access: 'member',
    params: conversation,
    query: z
      .strictObject({
        after: z.coerce.number().int().min(0).max(SEQ_MAX).optional(),
        before: z.coerce.number().int().min(1).max(SEQ_MAX).optional(),
        around: z.coerce.number().int().min(1).max(SEQ_MAX).optional(),
        at: Instant.optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      })
      .refine(q => [q.after, q.before, q.around, q.at].filter(each => each !== undefined).length <= 1, {
        path: ['before'],
        message: 'only one of after, before, around and at',
      }),
    response: z.object({
      entries: z.array(LogEntry),
      /** Whom the entries name, as far as the reader may see them. */
      people: z.array(Person),
      head: z.int(),
      firstSeq: z.int(),
      /** With `at`: the `seq` it fell on. */
      at: z.int().nullable(),
    }),
    errors: ['not_found'],
  },
  'POST /v1/conversations/:conversation/messages': {
    name: 'send',
    tag,
    summary:
      'Write a message. Answered after it is committed (RT-4); a repeat with the same `clientId` and body gives the first answer again (RT-2).',
    access: 'member',
    params: conversation,
    body: z
      .strictObject({
        clientId: Id.describe(
          'Minted by the client, UUIDv7; unique for this sender and conversation, for ever.',
        ),
        ...body,
      })
      .refine(b => b.text !== '' || b.attachments.length > 0 || b.card !== undefined, {
        path: ['text'],
        message: 'a text, an attachment or a card',
      }),
    response: z.object({ id: Id, seq: z.int(), at: Instant }),
    errors: [
      'not_found',
      'cannot_message',
      'client_id_reused',
      'request_waiting',
      'request_text_only',
      'request_limit',
      'reply_unknown',
      'attachment_unknown',
      'card_unknown',
      'talk_off',
      'slow_mode',
      'frozen',
      'silenced',
    ],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'PUT /v1/conversations/:conversation/read': {
    name: 'markRead',
    tag,
    summary: 'You have read up to `seq`. Never moves back.',
    access: 'member',
    params: conversation,
    body: z.strictObject({ seq: Seq }),
    response: z.object({ readSeq: z.int(), unread: z.int() }),
    errors: ['not_found'],
  },
  'PUT /v1/conversations/:conversation/messages/:seq/reactions/:emoji': {
    name: 'react',
    tag,
    summary: 'Add a reaction; twice is once (BC-8).',
    access: 'member',
    params: message.extend({ emoji: Emoji }),
    errors: ['not_found', 'cannot_message', 'frozen', 'talk_off', 'silenced', 'too_many_reactions'],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'DELETE /v1/conversations/:conversation/messages/:seq/reactions/:emoji': {
    name: 'unreact',
    tag,
    summary: 'Take a reaction back.',
    access: 'member',
    params: message.extend({ emoji: Emoji }),
    errors: ['not_found', 'cannot_message', 'frozen'],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'GET /v1/messages': {
    name: 'searchMessages',
    tag,
    summary:
      'Messages in your conversations whose words begin like those of the query, without regard to case and accents; newest first (BC-8).',
    access: 'member',
    query: z.strictObject({
      query: line(SEARCH_QUERY_MAX, 1),
      conversation: Id.optional(),
      after,
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    response: z.object({
      found: z.array(z.object({ conversation: Id, entry: LogEntry })),
      /** Those that `found` names. */
      conversations: z.array(Conversation),
      people: z.array(Person),
      next: z.string().nullable(),
    }),
    errors: ['not_found', 'search_too_slow'],
    limit: { max: 60, seconds: 60, per: 'account' },
  },
  'GET /v1/me/backchannel': {
    name: 'getBackchannelChoices',
    tag,
    summary: 'Who may write to you, receipts, and what you hold back (BC-15, BC-8, BC-17).',
    access: 'member',
    response: BackchannelChoices,
    errors: [],
  },
  'PATCH /v1/me/backchannel': {
    name: 'changeBackchannelChoices',
    tag,
    summary: 'Change who may write to you, receipts, or what you hold back.',
    access: 'member',
    body: z.strictObject({
      whoMayWrite: BackchannelChoices.shape.whoMayWrite.optional(),
      receipts: z.boolean().optional(),
      heldWords: z.array(line(60, 1)).max(200).optional(),
      heldHosts: z.array(line(253, 1)).max(200).optional(),
    }),
    response: BackchannelChoices,
    errors: [],
  },
});
