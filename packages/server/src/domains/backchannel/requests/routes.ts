import type { Routes } from '../../../edge/http/caller.ts';
import { checkChoices, doChangeChoices, readChoices } from './choices.ts';
import { acceptRequest, type DecideDeps, decideMany, deleteRequest } from './decide.ts';
import { getRequest, listRequests } from './list.ts';
import { checkRules, countRequests, doChangeRules, readRules } from './operator.ts';

/** Requests, who may write, and the operator's part of both: BC-10 to BC-18. */
export const requestRoutes = (context: DecideDeps) => {
  const { platform, deps } = context;
  return {
    'GET /v1/requests': async ({ query }, { viewer }) => listRequests(deps, viewer.account, query),
    'GET /v1/requests/:conversation': async ({ params }, { viewer }) =>
      getRequest(deps, viewer.account, params.conversation),
    'POST /v1/requests/:conversation/accept': async ({ params }, { viewer }) =>
      acceptRequest(context, viewer.account, params.conversation),
    'POST /v1/requests/:conversation/delete': async ({ params }, { viewer }) => {
      await deleteRequest(context, viewer.account, params.conversation);
    },
    'POST /v1/requests/decide': async ({ body }, { viewer }) => ({
      done: await decideMany(context, viewer.account, body.conversations, body.action),
    }),
    'GET /v1/me/backchannel': async (_, { viewer }) => readChoices(deps.db, viewer.account),
    'PATCH /v1/me/backchannel': async ({ body }, { viewer }) =>
      doChangeChoices(platform, viewer.account, checkChoices(body)),
    'GET /v1/admin/requests': async ({ query }) => countRequests(deps, query.days),
    'GET /v1/admin/rules': async () => readRules(deps.db),
    'PUT /v1/admin/rules': async ({ body }) => doChangeRules(platform, checkRules(body)),
  } satisfies Routes;
};
