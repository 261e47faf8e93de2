import { z } from 'zod';

/** Unpadded base64url that holds so many bytes. */
const bytes = (count: number) =>
  z
    .string()
    .regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((count * 4) / 3)}}={0,2}$`))
    .describe(`${count} bytes in base64url.`);

/** What `PushSubscription.toJSON()` gives (W3C Push API). */
export const PushSubscription = z.strictObject({
  endpoint: z.string().min(1).max(1000).describe('Of the push service; `https`, and on the public internet.'),
  keys: z.strictObject({
    p256dh: bytes(65).describe('Public key of the browser, P-256, uncompressed (RFC 8291).'),
    auth: bytes(16),
  }),
});
export type PushSubscription = z.infer<typeof PushSubscription>;

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('`HH:MM`, 00:00 to 23:59.');

/** From `from` to `to`, by the clock there; past midnight where `to` is earlier. */
export const QuietHours = z.strictObject({
  from: Clock,
  to: Clock,
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .refine(isTimeZone, 'a time zone like Europe/Lisbon')
    .describe('As IANA names it.'),
});
export type QuietHours = z.infer<typeof QuietHours>;

/** What is pushed to an account's devices (BC-31). Requests never are (BC-14). */
export const PushChoices = z.object({
  direct: z.boolean().describe('Messages in direct conversations.'),
  groups: z.boolean().describe('Messages in groups.'),
  mentions: z.boolean().describe('Messages that name you by `@handle`, in groups and in the talk of rooms.'),
  quiet: QuietHours.nullable().describe('Nothing is pushed then.'),
  hideText: z.boolean().describe('A push says who wrote, not what.'),
});
export type PushChoices = z.infer<typeof PushChoices>;

/**
 * What a push carries, encrypted for the browser (RFC 8291). At most one notification a conversation is on screen: the
 * `tag` is the same for all of them. `clear`: it was read elsewhere.
 */
export const PushPayload = z.discriminatedUnion('kind', [
  z.object({
    v: z.literal(1),
    kind: z.literal('message'),
    conversation: z.string(),
    title: z.string().describe('The person, the group or the room.'),
    /** Who wrote, where the title does not say it. */
    from: z.string().optional(),
    /** Absent where it is hidden, or the message has no text. */
    body: z.string().optional(),
    /** What it has beside or instead of text. */
    what: z.enum(['image', 'video', 'voice', 'card']).optional(),
    /** Unread messages in the conversation. */
    count: z.int(),
    badge: z.int().describe('Conversations with something unread, for the app’s icon.'),
    tag: z.string(),
    url: z.string().describe('Path of the conversation in the app.'),
    icon: z.string().optional().describe('Path of a picture of the person.'),
    at: z.number().describe('When it was written, in ms since 1970.'),
    silent: z.boolean().optional().describe('It came in quiet hours: shown, and without a sound.'),
  }),
  z.object({
    v: z.literal(1),
    kind: z.literal('clear'),
    conversation: z.string(),
    badge: z.int(),
    tag: z.string(),
  }),
]);
export type PushPayload = z.infer<typeof PushPayload>;
