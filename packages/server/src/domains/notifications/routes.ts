import type { Routes } from '../../edge/http/caller.ts';
import { checkSubscription, doChangeChoices, doSubscribe, doUnsubscribe } from './actions.ts';
import type { Context } from './context.ts';
import { readChoices } from './store.ts';

export const notificationRoutes = (context: Context) =>
  ({
    'GET /v1/push/key': async () => ({ key: (await context.keys()).publicKey }),
    'PUT /v1/me/push': async ({ body }, { viewer }) => {
      await checkSubscription(context, body);
      await doSubscribe(context, viewer, body);
    },
    'DELETE /v1/me/push': (_, { viewer }) => doUnsubscribe(context, viewer),
    'GET /v1/me/push/choices': (_, { viewer }) => readChoices(context.db, viewer.account),
    'PATCH /v1/me/push/choices': ({ body }, { viewer }) => doChangeChoices(context, viewer, body),
  }) satisfies Routes;
