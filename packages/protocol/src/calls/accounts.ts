import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { PICTURE_BYTES_MAX } from '../limits.ts';
import { Id, Instant } from '../schemas/common.ts';
import { Bio, Handle, Me, Name, Session } from '../schemas/people.ts';

const tag = 'Accounts';

export const accountCalls = defineCalls({
  'GET /v1/server': {
    name: 'describeServer',
    tag,
    summary: 'What this server is, and how one signs in to it.',
    access: 'public',
    response: z.object({
      name: z.string(),
      version: z.string(),
      signIn: z.object({
        email: z.boolean(),
        phone: z.boolean(),
        printed: z.boolean().describe('Codes appear in the operator’s terminal: no mail or SMS is set up.'),
      }),
      firstAccount: z.boolean().describe('Nobody has signed in yet: who does now will be the admin.'),
    }),
    errors: [],
  },
  'POST /v1/sign-in/codes': {
    name: 'requestCode',
    tag,
    summary:
      'Send a 6-digit code to an email address or a phone number (E.164). The answer is the same for known and unknown ones.',
    access: 'public',
    body: z.strictObject({ address: z.string().trim().min(3).max(254) }),
    response: z.object({
      kind: z.enum(['email', 'phone']),
      address: z.string().describe('As understood: lower case, or + and digits.'),
      expiresAt: Instant,
    }),
    errors: ['delivery_failed'],
    limit: { max: 10, seconds: 600, per: 'address' },
  },
  'POST /v1/sign-in': {
    name: 'signIn',
    tag,
    summary: 'Trade a code for a session: a cookie for a browser, a bearer token for anything else.',
    access: 'public',
    body: z.strictObject({
      address: z.string().trim().min(3).max(254),
      code: z.string().regex(/^\d{6}$/),
      transport: z.enum(['cookie', 'token']),
    }),
    response: z.object({ me: Me, token: z.string().nullable() }),
    errors: ['code_wrong', 'code_expired', 'suspended'],
    limit: { max: 30, seconds: 600, per: 'address' },
  },
  'POST /v1/sign-out': { name: 'signOut', tag, summary: 'End this session.', access: 'session', errors: [] },
  'GET /v1/me': { name: 'getMe', tag, summary: 'Your account.', access: 'session', response: Me, errors: [] },
  'PATCH /v1/me': {
    name: 'changeMe',
    tag,
    summary: 'Change handle, name or bio.',
    access: 'session',
    body: z.strictObject({ handle: Handle.optional(), name: Name.optional(), bio: Bio.optional() }),
    response: Me,
    errors: ['handle_taken'],
    limit: { max: 60, seconds: 3600, per: 'account' },
  },
  'PUT /v1/me/picture': {
    name: 'changePicture',
    tag,
    summary:
      'Your picture: the bytes of a JPEG, PNG, WebP, GIF or AVIF. It is cropped to a square around its middle, and its metadata is dropped.',
    access: 'session',
    bytes: {
      types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'],
      max: PICTURE_BYTES_MAX,
    },
    response: Me,
    errors: ['picture_rejected'],
    limit: { max: 20, seconds: 3600, per: 'account' },
  },
  'DELETE /v1/me/picture': {
    name: 'removePicture',
    tag,
    summary: 'Go back to a colour and initials.',
    access: 'session',
    response: Me,
    errors: [],
  },
  'GET /v1/handles/:handle': {
    name: 'checkHandle',
    tag,
    summary: 'Whether a handle is free for you.',
    access: 'session',
    params: z.strictObject({ handle: Handle }),
    response: z.object({ handle: z.string(), free: z.boolean() }),
    errors: [],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
  'GET /v1/me/sessions': {
    name: 'listSessions',
    tag,
    summary: 'Where you are signed in.',
    access: 'session',
    response: z.object({ sessions: z.array(Session) }),
    errors: [],
  },
  'DELETE /v1/me/sessions/:session': {
    name: 'endSession',
    tag,
    summary: 'Sign one of your sessions out, at once.',
    access: 'session',
    params: z.strictObject({ session: Id }),
    errors: ['not_found'],
  },
  'DELETE /v1/me/sessions': {
    name: 'endOtherSessions',
    tag,
    summary: 'Sign out everywhere but here.',
    access: 'session',
    response: z.object({ ended: z.int() }),
    errors: [],
  },
  'POST /v1/socket-tickets': {
    name: 'openSocketTicket',
    tag,
    summary: 'A ticket for one socket: used once, within 30 s, for this session (RT-8).',
    access: 'session',
    response: z.object({ ticket: z.string(), expiresAt: Instant }),
    errors: [],
    limit: { max: 120, seconds: 60, per: 'account' },
  },
});
