import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { Conversation, Request } from '../schemas/backchannel.ts';
import { Id, line } from '../schemas/common.ts';
import { Person } from '../schemas/people.ts';

const tag = 'Requests';
const conversation = z.strictObject({ conversation: Id });

export const requestCalls = defineCalls({
  'GET /v1/requests': {
    name: 'listRequests',
    tag,
    summary:
      'First messages of people you don’t know, and groups they add you to; nearest first (BC-10, BC-18). `held`: what your rules hold back (BC-17).',
    access: 'member',
    query: z.strictObject({
      view: z.enum(['waiting', 'held']).default('waiting'),
      after: z.string().max(200).optional().describe('`next` of the page before.'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    response: z.object({
      requests: z.array(Request),
      next: z.string().nullable(),
      waiting: z.int(),
      held: z.int(),
    }),
    errors: [],
  },
  'GET /v1/requests/:conversation': {
    name: 'getRequest',
    tag,
    summary: 'One request.',
    access: 'member',
    params: conversation,
    response: Request,
    errors: ['not_found'],
  },
  'POST /v1/requests/:conversation/accept': {
    name: 'acceptRequest',
    tag,
    summary: 'Into the inbox with it; they may write to you from now on. Repeating it is no error.',
    access: 'member',
    params: conversation,
    response: Conversation,
    errors: ['not_found'],
  },
  'POST /v1/requests/:conversation/delete': {
    name: 'deleteRequest',
    tag,
    summary: 'Away with it; they learn nothing, and may ask again after 30 days (BC-13).',
    access: 'member',
    params: conversation,
    errors: ['not_found'],
  },
  'POST /v1/requests/decide': {
    name: 'decideRequests',
    tag,
    summary: 'The same for many at once (BC-13). Those that are none are passed over.',
    access: 'member',
    body: z.strictObject({
      conversations: z.array(Id).min(1).max(100),
      action: z.enum(['accept', 'delete', 'block']),
    }),
    response: z.object({ done: z.array(Id) }),
    errors: [],
  },
  'GET /v1/admin/requests': {
    name: 'countRequests',
    tag: 'Console',
    summary: 'Requests sent, accepted and reported per account, the most sent first (BC-18).',
    access: 'admin',
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(30) }),
    response: z.object({
      accounts: z.array(z.object({ person: Person, sent: z.int(), accepted: z.int(), reported: z.int() })),
    }),
    errors: ['forbidden'],
  },
  'GET /v1/admin/rules': {
    name: 'getOperatorRules',
    tag: 'Console',
    summary:
      'Words and link hosts that hold a request back on this server; hosts get no preview (BC-17, BC-23).',
    access: 'admin',
    response: z.object({ words: z.array(z.string()), hosts: z.array(z.string()) }),
    errors: ['forbidden'],
  },
  'PUT /v1/admin/rules': {
    name: 'changeOperatorRules',
    tag: 'Console',
    summary: 'Replace them.',
    access: 'admin',
    body: z.strictObject({
      words: z.array(line(60, 1)).max(2000),
      hosts: z.array(line(253, 1)).max(2000),
    }),
    response: z.object({ words: z.array(z.string()), hosts: z.array(z.string()) }),
    errors: ['forbidden'],
  },
});
