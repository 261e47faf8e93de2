import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { PushChoices, PushSubscription } from '../schemas/push.ts';

const tag = 'Push';

export const pushCalls = defineCalls({
  'GET /v1/push/key': {
    name: 'getPushKey',
    tag,
    summary: 'The public key that a browser subscribes with (VAPID, RFC 8292).',
    access: 'member',
    response: z.object({ key: z.string().describe('P-256, uncompressed, in base64url.') }),
    errors: [],
  },
  'PUT /v1/me/push': {
    name: 'subscribePush',
    tag,
    summary:
      'Push to this device. It belongs to the session: signed out, it is gone. Replaces the one before.',
    access: 'member',
    body: PushSubscription,
    errors: ['push_endpoint_refused'],
    limit: { max: 30, seconds: 3600, per: 'account' },
  },
  'DELETE /v1/me/push': {
    name: 'unsubscribePush',
    tag,
    summary: 'Push to this device no more. Repeating it is no error.',
    access: 'member',
    errors: [],
  },
  'GET /v1/me/push/choices': {
    name: 'getPushChoices',
    tag,
    summary: 'What is pushed to your devices (BC-31).',
    access: 'member',
    response: PushChoices,
    errors: [],
  },
  'PATCH /v1/me/push/choices': {
    name: 'changePushChoices',
    tag,
    summary: 'Change some of it.',
    access: 'member',
    body: PushChoices.partial().strict(),
    response: PushChoices,
    errors: [],
  },
});
