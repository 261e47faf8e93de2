import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { GROUP_PEOPLE_MAX, PICTURE_BYTES_MAX } from '../limits.ts';
import { Conversation, GroupRole } from '../schemas/backchannel.ts';
import { GroupTitle, Id, Instant } from '../schemas/common.ts';
import { Person } from '../schemas/people.ts';

const tag = 'Groups';
const conversation = z.strictObject({ conversation: Id });
const someone = z.strictObject({ conversation: Id, account: Id });
/** Owner and admins change a group; who is only a member gets `group_admins_only`. */
const running = ['not_found', 'group_admins_only'] as const;

export const groupCalls = defineCalls({
  'POST /v1/groups': {
    name: 'makeGroup',
    tag,
    summary:
      'A group of which you are the owner (BC-2). Who does not follow you and has not talked with you is invited, not put in (BC-10).',
    access: 'member',
    body: z.strictObject({
      clientId: Id.describe('Minted by the client: a repeat gives the same group again.'),
      title: GroupTitle.default(''),
      people: z.array(Id).max(GROUP_PEOPLE_MAX).default([]),
    }),
    response: Conversation,
    errors: ['not_found', 'group_full', 'silenced', 'client_id_reused', 'request_limit'],
    limit: { max: 30, seconds: 3600, per: 'account' },
  },
  'PATCH /v1/groups/:conversation': {
    name: 'changeGroup',
    tag,
    summary: 'Change a group’s name.',
    access: 'member',
    params: conversation,
    body: z.strictObject({ title: GroupTitle }),
    response: Conversation,
    errors: [...running, 'silenced'],
    limit: { max: 60, seconds: 3600, per: 'account' },
  },
  'PUT /v1/groups/:conversation/picture': {
    name: 'changeGroupPicture',
    tag,
    summary: 'Change a group’s picture.',
    access: 'member',
    params: conversation,
    bytes: { types: ['image/jpeg', 'image/png', 'image/webp'], max: PICTURE_BYTES_MAX },
    response: Conversation,
    errors: [...running, 'silenced', 'picture_rejected'],
    limit: { max: 20, seconds: 3600, per: 'account' },
  },
  'DELETE /v1/groups/:conversation/picture': {
    name: 'removeGroupPicture',
    tag,
    summary: 'Take a group’s picture away.',
    access: 'member',
    params: conversation,
    response: Conversation,
    errors: [...running],
  },
  'GET /v1/groups/:conversation/people': {
    name: 'listGroup',
    tag,
    summary: 'Everyone in a group, and who is invited: owner, admins, then by when they came.',
    access: 'member',
    params: conversation,
    response: z.object({
      people: z.array(z.object({ person: Person, role: GroupRole, since: Instant, invited: z.boolean() })),
      max: z.int(),
    }),
    errors: ['not_found'],
  },
  'PUT /v1/groups/:conversation/people/:account': {
    name: 'addToGroup',
    tag,
    summary: 'Add someone, or invite them where they don’t know you (BC-10). Adding twice is adding once.',
    access: 'member',
    params: someone,
    errors: [...running, 'group_full', 'silenced', 'request_limit'],
    limit: { max: 200, seconds: 3600, per: 'account' },
  },
  'DELETE /v1/groups/:conversation/people/:account': {
    name: 'removeFromGroup',
    tag,
    summary: 'Take someone out of the group, or an invitation back. Admins are removed by the owner alone.',
    access: 'member',
    params: someone,
    errors: [...running, 'not_yourself'],
  },
  'PUT /v1/groups/:conversation/people/:account/role': {
    name: 'setGroupRole',
    tag,
    summary: 'The owner makes someone an admin or a member again, or hands the group over.',
    access: 'member',
    params: someone,
    body: z.strictObject({ role: GroupRole }),
    errors: [...running, 'not_yourself'],
  },
  'POST /v1/groups/:conversation/leave': {
    name: 'leaveGroup',
    tag,
    summary:
      'Leave a group. The owner’s place passes to the longest-standing admin, else to the longest-standing member (BC-2).',
    access: 'member',
    params: conversation,
    errors: ['not_found'],
  },
});
