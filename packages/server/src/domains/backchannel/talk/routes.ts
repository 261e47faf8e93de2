import type { Routes } from '../../../edge/http/caller.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { InboxDeps } from '../inbox.ts';
import { changeTalk, getTalk, hideAsModerator, pinMessage } from './actions.ts';

export const talkRoutes = (platform: Platform, deps: InboxDeps) =>
  ({
    'GET /v1/rooms/:room/talk': async ({ params }, { viewer }) => getTalk(deps, viewer.account, params.room),

    'PATCH /v1/conversations/:conversation/talk': async ({ params, body }, { viewer }) =>
      changeTalk(platform, deps, viewer.account, params.conversation, body),

    'PUT /v1/conversations/:conversation/pin': async ({ params, body }, { viewer }) =>
      pinMessage(platform, deps, viewer.account, params.conversation, body.seq),

    'POST /v1/conversations/:conversation/messages/:seq/hide': async ({ params }, { viewer }) => {
      await hideAsModerator(platform, deps, viewer.account, params.conversation, params.seq);
      return undefined;
    },
  }) satisfies Routes;
