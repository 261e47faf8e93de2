import { z } from 'zod';

/** What was wrong with one field of the input. */
export const InputIssue = z.object({
  path: z.string().describe('Where, as `body.title` or `query.limit`.'),
  problem: z
    .string()
    .describe(
      'A stable word: `missing`, `type`, `too_long`, `too_short`, `too_big`, `too_small`, `format`, `unknown_field`, `choice`.',
    ),
  expected: z.string().describe('What would be right, in English, for the developer of a client.'),
});

const none = z.object({});
const error = <D extends z.ZodType = typeof none>(status: number, summary: string, details?: D) => ({
  status,
  summary,
  details: (details ?? none) as D,
});

/** Every error that the API can answer with. A code is for ever; its words are the client's. */
export const errors = {
  invalid_input: error(
    400,
    'The input is not what the contract says.',
    z.object({ issues: z.array(InputIssue) }),
  ),
  not_signed_in: error(401, 'No session, or one that has ended.'),
  forbidden: error(403, 'Signed in, and not allowed.'),
  origin_not_allowed: error(403, 'The Origin header names a site that is not this server.'),
  profile_incomplete: error(403, 'Handle and name come first: `PATCH /v1/me`.'),
  not_found: error(404, 'Absent, or not for you: the answer is the same.'),
  too_large: error(413, 'The body is larger than allowed.', z.object({ maxBytes: z.int() })),
  unsupported_media_type: error(415, 'The body is of another type than this call takes.'),
  rate_limited: error(429, 'Too many, too fast.', z.object({ retryAfter: z.int().describe('Seconds.') })),
  internal: error(500, 'A fault of ours; the request id finds it in the log.'),
  unavailable: error(503, 'The server is starting, going down, or without its database.'),

  code_wrong: error(400, 'Not the code that was sent.', z.object({ triesLeft: z.int() })),
  code_expired: error(400, 'No code is waiting: it ran out, was used, or was tried too often.'),
  delivery_failed: error(502, 'The code could not be sent to this address.'),
  handle_taken: error(409, 'Somebody has this handle.'),
  picture_rejected: error(
    422,
    'The picture cannot be used.',
    z.object({ reason: z.enum(['type', 'damaged', 'too_many_pixels']) }),
  ),
  not_yourself: error(400, 'This call is about somebody else.'),

  room_ended: error(
    410,
    'The room is over.',
    z.object({
      title: z.string().optional().describe('At its door: what it was called; empty where nobody named it.'),
    }),
  ),
  not_in_room: error(409, 'Enter the room first.'),
  kept_out: error(403, 'A moderator has removed you from this room.'),
  moderators_only: error(403, 'Only a moderator of this room may.'),
  stage_only: error(409, 'Only for people who are on the stage.'),
  already_on_stage: error(409, 'This person is on the stage already.'),
  stage_full: error(409, 'The stage is full.', z.object({ max: z.int() })),
  stage_locked: error(409, 'The moderators have locked the stage.'),
  not_invited: error(409, 'No invitation is waiting.'),
  hands_off: error(
    403,
    'Hands are off, or only for people whom a speaker follows.',
    z.object({ mode: z.enum(['off', 'followed']) }),
  ),
  not_reachable: error(403, 'This person does not follow you, so you cannot call them in.'),
  bad_offer: error(400, 'The SDP offer is not one this server can answer.', z.object({ reason: z.string() })),
  audio_full: error(503, 'No media node has room for another session.'),

  attachment_rejected: error(
    422,
    'The file cannot be sent.',
    z.object({
      reason: z
        .enum(['type', 'damaged', 'too_large', 'too_many_pixels', 'too_long', 'empty'])
        .describe(
          '`type`: by its content it is not what this kind takes. `damaged`: it breaks off, or carries what it should not.',
        ),
      max: z.int().optional().describe('What is allowed: bytes, pixels or seconds.'),
    }),
  ),
  attachment_unknown: error(
    409,
    'No such attachment of yours is waiting: it is absent, of somebody else, or sent already.',
    z.object({ attachment: z.string() }),
  ),
  upload_offset: error(
    409,
    'The upload is at another place.',
    z.object({ offset: z.int().describe('Where the next chunk begins.') }),
  ),

  cannot_message: error(403, 'You cannot write in this conversation.'),
  request_waiting: error(409, 'Your request is with them; more may be written once it is accepted (BC-11).'),
  request_text_only: error(
    422,
    'A first message to someone who does not know you is text only, and short (BC-11).',
    z.object({ maxCharacters: z.int() }),
  ),
  request_limit: error(
    429,
    'Too many requests to people who do not know you (BC-16).',
    z.object({
      limit: z.enum(['day', 'new_account', 'few_accepted']),
      max: z.int().describe('So many in 24 hours.'),
      retryAfter: z.int().describe('Seconds.'),
    }),
  ),
  reply_unknown: error(409, 'The message it answers is not one of this conversation that you can see.'),
  card_unknown: error(409, 'What the card shows is not there for you.'),
  talk_off: error(403, 'The moderators have switched the talk off.'),
  slow_mode: error(429, 'The talk is slowed down.', z.object({ retryAfter: z.int().describe('Seconds.') })),
  frozen: error(410, 'The room is over; its talk can only be read.'),
  silenced: error(
    403,
    'The people who run this server have silenced you for a time.',
    z.object({ until: z.iso.datetime() }),
  ),
  suspended: error(
    403,
    'The people who run this server have suspended this account for a time.',
    z.object({ until: z.iso.datetime() }),
  ),
  group_admins_only: error(403, 'Only the owner or an admin of this group may; some things the owner alone.'),
  group_full: error(409, 'The group is full.', z.object({ max: z.int() })),
  too_many_pinned: error(409, 'No more conversations can be pinned.', z.object({ max: z.int() })),
  too_many_reactions: error(
    409,
    'No more different reactions fit under a message.',
    z.object({ max: z.int() }),
  ),
  report_decided: error(409, 'Somebody has decided this report already.'),
  nothing_to_hide: error(409, 'This report is not about a message.'),
  push_endpoint_refused: error(
    422,
    'No push service is asked at this address.',
    z.object({
      reason: z
        .enum(['url', 'address', 'unreachable', 'key'])
        .describe(
          '`url`: not https on port 443, or with a password in it. `address`: not on the public internet. `unreachable`: its name is not known. `key`: `p256dh` is no point of the curve.',
        ),
    }),
  ),
  client_id_reused: error(409, 'This `clientId` was used for another message.'),
  search_too_slow: error(422, 'Too much would have to be looked at; more or longer words find it.'),
} as const;

export type ErrorCode = keyof typeof errors;
export type ErrorDetails<C extends ErrorCode> = z.infer<(typeof errors)[C]['details']>;

/** Errors that every call may answer with, beside its own. */
export const commonErrors = [
  'invalid_input',
  'origin_not_allowed',
  'rate_limited',
  'too_large',
  'unsupported_media_type',
  'internal',
  'unavailable',
] as const satisfies readonly ErrorCode[];

/** The one shape of an error. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    details: z.record(z.string(), z.unknown()),
    requestId: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
