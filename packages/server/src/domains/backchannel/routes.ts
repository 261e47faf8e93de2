import type { Routes } from '../../edge/http/caller.ts';
import type { Platform } from '../../platform/platform.ts';
import { markRead, readEntries } from './actions.ts';
import type { GroupDeps } from './groups/people.ts';
import { createGroupRoutes } from './groups/routes.ts';
import { getConversation, type InboxDeps, listConversations } from './inbox.ts';
import { createLifeRoutes } from './life/routes.ts';
import type { DecideDeps } from './requests/decide.ts';
import { openDirect } from './requests/open.ts';
import { requestRoutes } from './requests/routes.ts';
import { extraOf, type Sending } from './send.ts';
import { talkRoutes } from './talk/routes.ts';

export const createRoutes = (
  platform: Platform,
  deps: InboxDeps,
  sending: Sending,
  deciding: DecideDeps,
  groups: GroupDeps,
) =>
  ({
    ...createGroupRoutes(groups),
    ...createLifeRoutes(platform, deps),
    ...requestRoutes(deciding),

    'GET /v1/conversations': async ({ query }, { viewer }) => listConversations(deps, viewer.account, query),

    'PUT /v1/conversations/direct/:account': async ({ params }, { viewer }) =>
      openDirect(platform, deps, viewer.account, params.account),

    'GET /v1/conversations/:conversation': async ({ params }, { viewer }) =>
      getConversation(deps, viewer.account, params.conversation),

    'GET /v1/conversations/:conversation/log': async ({ params, query }, { viewer }) =>
      readEntries(deps, viewer.account, params.conversation, query),

    'POST /v1/conversations/:conversation/messages': async ({ params, body }, { viewer }) =>
      sending.send({
        conversation: params.conversation,
        sender: viewer.account,
        clientId: body.clientId,
        text: body.text,
        extra: extraOf(body),
      }),

    'PUT /v1/conversations/:conversation/read': async ({ params, body }, { viewer }) =>
      markRead(platform, deps, viewer.account, params.conversation, body.seq),
    ...talkRoutes(platform, deps),
  }) satisfies Routes;
