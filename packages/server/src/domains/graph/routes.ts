import type { Routes } from '../../edge/http/caller.ts';
import { doBlock, doFollow, doUnblock, doUnfollow } from './actions.ts';
import type { Context } from './context.ts';
import { listBlocked, listFollows, profileOf, searchPeople } from './lists.ts';

export const graphRoutes = (context: Context) =>
  ({
    'GET /v1/people': async ({ query }, { viewer }) => ({
      people: await searchPeople(context, viewer.account, query),
    }),
    'GET /v1/people/:handle': ({ params }, { viewer }) => profileOf(context, viewer.account, params.handle),
    'GET /v1/people/:account/followers': ({ params, query }, { viewer }) =>
      listFollows(context, viewer.account, 'followers', { ...params, ...query }),
    'GET /v1/people/:account/following': ({ params, query }, { viewer }) =>
      listFollows(context, viewer.account, 'following', { ...params, ...query }),
    'PUT /v1/people/:account/follow': ({ params }, { viewer }) =>
      doFollow(context, viewer.account, params.account),
    'DELETE /v1/people/:account/follow': ({ params }, { viewer }) =>
      doUnfollow(context, viewer.account, params.account),
    'PUT /v1/people/:account/block': ({ params }, { viewer }) =>
      doBlock(context, viewer.account, params.account),
    'DELETE /v1/people/:account/block': ({ params }, { viewer }) =>
      doUnblock(context, viewer.account, params.account),
    'GET /v1/me/blocks': async (_, { viewer }) => ({ people: await listBlocked(context, viewer.account) }),
  }) satisfies Routes;
