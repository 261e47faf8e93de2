import type { Routes } from '../../edge/http/caller.ts';
import type { Platform } from '../../platform/platform.ts';
import { markRead, openDirect, readEntries } from './actions.ts';
import { getConversation, type InboxDeps, listConversations } from './inbox.ts';
import type { Sending } from './send.ts';

/** Ids of a contract may be written in capitals; those we store never are. */
const id = (given: string): string => given.toLowerCase();

export const createRoutes = (platform: Platform, deps: InboxDeps, sending: Sending) =>
  ({
    'GET /v1/conversations': async ({ query }, { viewer }) => listConversations(deps, viewer.account, query),

    'PUT /v1/conversations/direct/:account': async ({ params }, { viewer }) =>
      openDirect(platform, deps, viewer.account, id(params.account)),

    'GET /v1/conversations/:conversation': async ({ params }, { viewer }) =>
      getConversation(deps, viewer.account, id(params.conversation)),

    'GET /v1/conversations/:conversation/log': async ({ params, query }, { viewer }) =>
      readEntries(platform, viewer.account, id(params.conversation), query),

    'POST /v1/conversations/:conversation/messages': async ({ params, body }, { viewer }) =>
      sending.send({
        conversation: id(params.conversation),
        sender: viewer.account,
        clientId: id(body.clientId),
        text: body.text,
      }),

    'PUT /v1/conversations/:conversation/read': async ({ params, body }, { viewer }) =>
      markRead(platform, viewer.account, id(params.conversation), body.seq),
  }) satisfies Routes;
