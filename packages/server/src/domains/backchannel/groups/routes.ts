import type { Routes } from '../../../edge/http/caller.ts';
import * as about from './about.ts';
import * as actions from './actions.ts';
import type { GroupDeps } from './people.ts';

export const createGroupRoutes = (context: GroupDeps) =>
  ({
    'POST /v1/groups': async ({ body }, { viewer }) => actions.makeGroup(context, viewer.account, body),

    'PATCH /v1/groups/:conversation': async ({ params, body }, { viewer }) =>
      about.changeTitle(context, viewer.account, params.conversation, body.title),

    'PUT /v1/groups/:conversation/picture': async ({ params, bytes }, { viewer }) =>
      about.changePicture(context, viewer.account, params.conversation, bytes),

    'DELETE /v1/groups/:conversation/picture': async ({ params }, { viewer }) =>
      about.removePicture(context, viewer.account, params.conversation),

    'GET /v1/groups/:conversation/people': async ({ params }, { viewer }) =>
      actions.listGroup(context, viewer.account, params.conversation),

    'PUT /v1/groups/:conversation/people/:account': async ({ params }, { viewer }) => {
      await actions.addToGroup(context, viewer.account, params);
      return undefined;
    },

    'DELETE /v1/groups/:conversation/people/:account': async ({ params }, { viewer }) => {
      await actions.removeFromGroup(context, viewer.account, params);
      return undefined;
    },

    'PUT /v1/groups/:conversation/people/:account/role': async ({ params, body }, { viewer }) => {
      await actions.setGroupRole(context, viewer.account, params, body.role);
      return undefined;
    },

    'POST /v1/groups/:conversation/leave': async ({ params }, { viewer }) => {
      await actions.leaveGroup(context, viewer.account, params.conversation);
      return undefined;
    },
  }) satisfies Routes;
