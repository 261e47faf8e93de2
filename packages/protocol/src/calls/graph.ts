import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { Id, line } from '../schemas/common.ts';
import { Handle, Person, Profile, Relation } from '../schemas/people.ts';

const tag = 'People';
const account = z.strictObject({ account: Id });
const page = z.strictObject({
  after: z.string().max(200).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
const people = z.object({
  people: z.array(Person.extend({ relation: Relation })),
  next: z.string().nullable(),
});

export const graphCalls = defineCalls({
  'GET /v1/people': {
    name: 'searchPeople',
    tag,
    summary:
      'People whose handle or name begins like the query; those you follow first. Without a query, people to meet.',
    access: 'member',
    query: z.strictObject({
      query: line(80).default(''),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    response: z.object({ people: z.array(Person.extend({ relation: Relation })) }),
    errors: [],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'GET /v1/people/:handle': {
    name: 'getProfile',
    tag,
    summary: 'A profile. Someone who has blocked you is not found; someone you have blocked is.',
    access: 'member',
    params: z.strictObject({ handle: Handle }),
    response: Profile,
    errors: ['not_found'],
  },
  'GET /v1/people/:account/followers': {
    name: 'listFollowers',
    tag,
    summary: 'Who follows someone, newest first.',
    access: 'member',
    params: account,
    query: page,
    response: people,
    errors: ['not_found'],
  },
  'GET /v1/people/:account/following': {
    name: 'listFollowing',
    tag,
    summary: 'Whom someone follows, newest first.',
    access: 'member',
    params: account,
    query: page,
    response: people,
    errors: ['not_found'],
  },
  'PUT /v1/people/:account/follow': {
    name: 'follow',
    tag,
    summary: 'Follow someone.',
    access: 'member',
    params: account,
    response: Relation,
    errors: ['not_found', 'not_yourself'],
    limit: { max: 200, seconds: 3600, per: 'account' },
  },
  'DELETE /v1/people/:account/follow': {
    name: 'unfollow',
    tag,
    summary: 'Stop following someone.',
    access: 'member',
    params: account,
    response: Relation,
    errors: ['not_found', 'not_yourself'],
  },
  'PUT /v1/people/:account/block': {
    name: 'block',
    tag,
    summary: 'Block someone: mutual silence everywhere, and no following either way (PE-5).',
    access: 'member',
    params: account,
    response: Relation,
    errors: ['not_found', 'not_yourself'],
  },
  'DELETE /v1/people/:account/block': {
    name: 'unblock',
    tag,
    summary: 'End a block.',
    access: 'member',
    params: account,
    response: Relation,
    errors: ['not_found', 'not_yourself'],
  },
  'GET /v1/me/blocks': {
    name: 'listBlocks',
    tag,
    summary: 'Whom you have blocked.',
    access: 'member',
    response: z.object({ people: z.array(Person) }),
    errors: [],
  },
});
