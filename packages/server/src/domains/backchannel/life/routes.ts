import type { Routes } from '../../../edge/http/caller.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { InboxDeps } from '../inbox.ts';
import { setPlace } from './place.ts';
import { setReaction } from './reactions.ts';
import { searchMessages } from './search.ts';

export const createLifeRoutes = (platform: Platform, deps: InboxDeps) =>
  ({
    'PATCH /v1/conversations/:conversation': async ({ params, body }, { viewer }) =>
      setPlace(platform, deps, viewer.account, params.conversation, body),

    'PUT /v1/conversations/:conversation/messages/:seq/reactions/:emoji': async ({ params }, { viewer }) => {
      await setReaction(platform, deps, viewer.account, params, true);
      return undefined;
    },

    'DELETE /v1/conversations/:conversation/messages/:seq/reactions/:emoji': async (
      { params },
      { viewer },
    ) => {
      await setReaction(platform, deps, viewer.account, params, false);
      return undefined;
    },

    'GET /v1/messages': async ({ query }, { viewer }) => searchMessages(deps, viewer.account, query),
  }) satisfies Routes;
