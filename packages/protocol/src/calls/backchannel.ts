import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { Conversation, LogEntry, MessageText } from '../schemas/backchannel.ts';
import { Id, Instant, SEQ_MAX, Seq } from '../schemas/common.ts';

const tag = 'Backchannel';
const conversation = z.strictObject({ conversation: Id });

export const backchannelCalls = defineCalls({
  'GET /v1/conversations': {
    name: 'listConversations',
    tag,
    summary: 'The inbox: conversations something was written in, the latest first.',
    access: 'member',
    query: z.strictObject({
      after: z.string().max(200).optional().describe('`next` of the page before.'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    response: z.object({
      conversations: z.array(Conversation),
      next: z.string().nullable(),
      unread: z.int().describe('Conversations with something unread, in the whole inbox.'),
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
  'GET /v1/conversations/:conversation/log': {
    name: 'readLog',
    tag,
    summary:
      'Entries in the order of `seq`: those after `after`, or the last ones before `before`, or the newest. Oldest first in every case.',
    access: 'member',
    params: conversation,
    query: z
      .strictObject({
        after: z.coerce.number().int().min(0).max(SEQ_MAX).optional(),
        before: z.coerce.number().int().min(1).max(SEQ_MAX).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      })
      .refine(q => q.after === undefined || q.before === undefined, {
        path: ['before'],
        message: 'either after or before',
      }),
    response: z.object({ entries: z.array(LogEntry), head: z.int() }),
    errors: ['not_found'],
  },
  'POST /v1/conversations/:conversation/messages': {
    name: 'send',
    tag,
    summary:
      'Write a message. Answered after it is committed (RT-4); a repeat with the same `clientId` and text gives the first answer again (RT-2).',
    access: 'member',
    params: conversation,
    body: z.strictObject({
      clientId: Id.describe(
        'Minted by the client, UUIDv7; unique for this sender and conversation, for ever.',
      ),
      text: MessageText,
    }),
    response: z.object({ id: Id, seq: z.int(), at: Instant }),
    errors: ['not_found', 'cannot_message', 'client_id_reused'],
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
});
