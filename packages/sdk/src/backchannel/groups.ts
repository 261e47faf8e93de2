import type { Conversation } from '@sotto/protocol';
import { newId } from '../id.ts';
import type { BackchannelContext } from './context.ts';
import type { InboxService } from './inbox.ts';
import type { Groups } from './types.ts';

/** Groups by the calls of the contract, and the inbox told at once. */
export function createGroups({ call, people }: BackchannelContext, inbox: InboxService): Groups {
  const adopt = (conversation: Conversation): Conversation => {
    inbox.apply({ type: 'fetched', conversations: [conversation] });
    return conversation;
  };
  const params = (conversation: string) => ({ params: { conversation } });
  return {
    async make({ title = '', people: invited = [], clientId = newId() }) {
      return adopt(await call('POST /v1/groups', { body: { clientId, title, people: [...invited] } }));
    },
    rename: async (group, title) =>
      adopt(await call('PATCH /v1/groups/:conversation', { ...params(group), body: { title } })),
    changePicture: async (group, bytes, type) =>
      adopt(await call('PUT /v1/groups/:conversation/picture', { ...params(group), bytes, type })),
    removePicture: async group => adopt(await call('DELETE /v1/groups/:conversation/picture', params(group))),
    async people(group) {
      const reply = await call('GET /v1/groups/:conversation/people', params(group));
      people.add(reply.people.map(each => each.person));
      return reply;
    },
    add: (conversation, account) =>
      call('PUT /v1/groups/:conversation/people/:account', { params: { conversation, account } }),
    remove: (conversation, account) =>
      call('DELETE /v1/groups/:conversation/people/:account', { params: { conversation, account } }),
    setRole: (conversation, account, role) =>
      call('PUT /v1/groups/:conversation/people/:account/role', {
        params: { conversation, account },
        body: { role },
      }),
    async leave(group) {
      await call('POST /v1/groups/:conversation/leave', params(group));
      inbox.apply({ type: 'absent', conversation: group });
    },
  };
}
