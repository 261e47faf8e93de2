import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { TALK_SLOW_CHOICES } from '../limits.ts';
import { Conversation } from '../schemas/backchannel.ts';
import { Id, SEQ_MAX, Seq } from '../schemas/common.ts';

const tag = 'Talk';
const conversation = z.strictObject({ conversation: Id });

export const talkCalls = defineCalls({
  'GET /v1/rooms/:room/talk': {
    name: 'getTalk',
    tag,
    summary:
      'The written side of a room you are in, or were in when it ended: everyone’s, and the stage’s if you are on it (BC-3).',
    access: 'member',
    params: z.strictObject({ room: Id }),
    response: z.object({ room: Conversation, stage: Conversation.nullable() }),
    errors: ['not_found', 'not_in_room'],
  },
  'PATCH /v1/conversations/:conversation/talk': {
    name: 'changeTalk',
    tag,
    summary: 'A moderator switches the talk of a room off or on, or slows it down (BC-3).',
    access: 'member',
    params: conversation,
    body: z.strictObject({
      on: z.boolean().optional(),
      slowSeconds: z.literal([...TALK_SLOW_CHOICES]).optional(),
    }),
    response: Conversation,
    errors: ['not_found', 'moderators_only', 'frozen'],
  },
  'PUT /v1/conversations/:conversation/pin': {
    name: 'pinMessage',
    tag,
    summary: 'A moderator pins a message of the talk on top; null takes it down (BC-3).',
    access: 'member',
    params: conversation,
    body: z.strictObject({ seq: Seq.nullable() }),
    response: Conversation,
    errors: ['not_found', 'moderators_only', 'frozen'],
  },
  'POST /v1/conversations/:conversation/messages/:seq/hide': {
    name: 'hideMessage',
    tag,
    summary: 'A moderator takes a message of the talk out of view, with a trace (BC-3).',
    access: 'member',
    params: z.strictObject({ conversation: Id, seq: z.coerce.number().int().min(1).max(SEQ_MAX) }),
    errors: ['not_found', 'moderators_only'],
  },
});
