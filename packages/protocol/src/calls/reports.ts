import { z } from 'zod';
import { defineCalls } from '../call.ts';
import { Id, line, SEQ_MAX } from '../schemas/common.ts';
import { Person } from '../schemas/people.ts';
import { Evidence, OwnReport, Report, ReportReason } from '../schemas/reports.ts';

const report = z.strictObject({ report: Id });
const text = (max: number) =>
  z
    .string()
    .transform(typed => typed.toWellFormed())
    .pipe(z.string().trim().max(max));

export const reportCalls = defineCalls({
  'POST /v1/reports': {
    name: 'report',
    tag: 'Reports',
    summary:
      'Report a message, a request or an invitation to the people who run this server; what was said around it is kept as it was (BC-7).',
    access: 'member',
    body: z.strictObject({
      conversation: Id,
      seq: z
        .int()
        .min(1)
        .max(SEQ_MAX)
        .optional()
        .describe('The message; without it, whoever asks or invites.'),
      reason: ReportReason,
      note: text(1000).default(''),
      block: z.boolean().default(false).describe('Also block them (BC-13).'),
    }),
    response: OwnReport,
    errors: ['not_found', 'not_yourself'],
    limit: { max: 30, seconds: 3600, per: 'account' },
  },
  'GET /v1/me/reports': {
    name: 'listOwnReports',
    tag: 'Reports',
    summary: 'What you have reported, and what came of it, newest first.',
    access: 'member',
    response: z.object({ reports: z.array(OwnReport) }),
    errors: [],
  },
  'GET /v1/admin/reports': {
    name: 'listReports',
    tag: 'Console',
    summary: 'The queue: open ones oldest first, closed ones latest first.',
    access: 'admin',
    query: z.strictObject({
      state: z.enum(['open', 'closed']).default('open'),
      after: z.string().max(200).optional().describe('`next` of the page before.'),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    response: z.object({ reports: z.array(Report), next: z.string().nullable(), open: z.int() }),
    errors: ['forbidden'],
  },
  'GET /v1/admin/reports/:report': {
    name: 'getReport',
    tag: 'Console',
    summary: 'One report with its evidence as it was.',
    access: 'admin',
    params: report,
    response: z.object({
      report: Report,
      evidence: Evidence,
      /** How the reported person stands now. */
      standing: z.object({
        person: Person,
        silencedUntil: z.iso.datetime().nullable(),
        suspendedUntil: z.iso.datetime().nullable(),
      }),
    }),
    errors: ['forbidden', 'not_found'],
  },
  'POST /v1/admin/reports/:report/decision': {
    name: 'decideReport',
    tag: 'Console',
    summary:
      'Dismiss it, take the message out of view, silence or suspend its writer for some hours; the reporter hears the outcome.',
    access: 'admin',
    params: report,
    body: z.strictObject({
      outcome: z.enum(['dismissed', 'hidden', 'silenced', 'suspended']),
      hours: z.int().min(1).max(8760).optional().describe('With `silenced` and `suspended`; 24 without it.'),
      /** Also takes the message out of view. */
      hide: z.boolean().default(false),
      remark: text(2000).default('').describe('For the admins alone.'),
      answer: line(500).default('').describe('For the reporter.'),
    }),
    response: Report,
    errors: ['forbidden', 'not_found', 'report_decided', 'nothing_to_hide', 'not_yourself'],
  },
});
