import { z } from 'zod';
import { ConversationKind, LogEntry } from './backchannel.ts';
import { Id, Instant } from './common.ts';
import { Person, Picture } from './people.ts';

export const ReportReason = z.enum([
  'spam',
  'harassment',
  'threat',
  'hate',
  'sexual',
  'self_harm',
  'impersonation',
  'other',
]);
export type ReportReason = z.infer<typeof ReportReason>;

/** What was done about a report. */
export const ReportOutcome = z.enum(['dismissed', 'hidden', 'silenced', 'suspended']);
export type ReportOutcome = z.infer<typeof ReportOutcome>;

/** A report as the one who made it sees it. */
export const OwnReport = z.object({
  id: Id,
  at: Instant,
  reason: ReportReason,
  about: Person,
  outcome: ReportOutcome.nullable().describe('Null while nobody has decided.'),
  decidedAt: Instant.nullable(),
  /** A line of the admin to the reporter. */
  answer: z.string(),
});
export type OwnReport = z.infer<typeof OwnReport>;

/** A report as admins see it. */
export const Report = OwnReport.extend({
  by: Person,
  note: z.string(),
  kind: ConversationKind,
  /** The reported message; null where a person or a group's invitation was reported. */
  seq: z.int().nullable(),
  /** The first characters of what was reported. */
  excerpt: z.string(),
  decidedBy: Person.nullable(),
  /** The admins' own note. */
  remark: z.string(),
  hidden: z.boolean().describe('Whether the message is out of view by now, by this report or otherwise.'),
  /** How often this person was reported before. */
  earlier: z.int(),
});
export type Report = z.infer<typeof Report>;

/** What was said, as it was when it was reported (BC-7): the message, and up to 10 before and after it. */
export const Evidence = z.object({
  entries: z.array(LogEntry),
  people: z.array(Person),
  group: z
    .object({ title: z.string(), picture: Picture.nullable() })
    .optional()
    .describe('The group of a reported invitation, as it was called and looked then.'),
});
export type Evidence = z.infer<typeof Evidence>;
