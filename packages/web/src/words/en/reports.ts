import type { ReportOutcome, ReportReason } from '@sotto/protocol';
import { many, moment, numbers } from './forms.ts';
import { headings } from './headings.ts';

const reasons: Record<ReportReason, string> = {
  spam: 'Spam or a scam',
  harassment: 'Harassment or bullying',
  threat: 'A threat',
  hate: 'Hate',
  sexual: 'Unwanted sexual content',
  self_harm: 'Someone may hurt themselves',
  impersonation: 'Pretending to be someone else',
  other: 'Something else',
};

/** As the reporter reads it. */
const outcomes: Record<ReportOutcome, string> = {
  dismissed: 'Looked at: it stays',
  hidden: 'Taken out of view',
  silenced: 'They can’t write for a while',
  suspended: 'Their account is suspended',
};

/** Reporting a message or a person, and what came of it (BC-7). */
export const reports = {
  title: (name: string) => `Report ${name}`,
  messageTitle: 'Report this message',
  text: 'The people who run this place will see it, with a few lines around it. Whom you report isn’t told.',
  textMany:
    'The people who run this place will see what each of them wrote. They’re blocked as well, and aren’t told.',
  reason: 'What’s wrong?',
  reasons,
  note: 'Anything they should know',
  notePlaceholder: 'Optional',
  block: (name: string) => `Also block ${name}`,
  blockHint: 'You won’t see, hear or reach each other anywhere.',
  action: 'Send report',
  missing: 'Pick what’s wrong first.',
  sent: 'Reported. You’ll find the outcome in your settings.',

  own: 'Your reports',
  ownEmpty: 'You haven’t reported anything.',
  ownFailed: 'Your reports didn’t load.',
  ownOpen: 'Waiting to be looked at',
  outcomes,
  ownLine: (reason: string, when: string) => `${reason} · ${when}`,
};

/** Pages for those who run the server. */
export const console = {
  title: headings.console,
  link: 'Console',
  linkText: (open: number) =>
    open === 0 ? 'Reports, requests and rules' : `${many(open, 'report', 'reports')} open`,
  reports: 'Reports',
  requests: 'Requests',
  open: 'Open',
  closed: 'Closed',
  state: 'Which reports',
  emptyTitle: 'Nothing to decide',
  emptyText: 'When someone reports a message, it comes here.',
  closedEmptyTitle: 'Nothing decided yet',
  closedEmptyText: 'Reports you decide are kept here.',
  errorTitle: 'This didn’t load',
  forbiddenTitle: 'Only for those who run this place',
  forbiddenText: 'Your account doesn’t have the console.',
  more: 'Show more',
  reportedBy: (name: string) => `Reported by ${name}`,
  about: (name: string) => `About ${name}`,
  earlier: (n: number) => (n === 1 ? 'Reported once before' : `Reported ${numbers.format(n)} times before`),
  firstTime: 'Never reported before',
  kinds: {
    direct: 'In a direct conversation',
    group: 'In a group',
    room: 'In a room’s talk',
    stage: 'In a stage talk',
  },
  wholePerson: 'No single message: the person or their invitation was reported.',
  noteBy: (name: string) => `${name} writes`,
  evidence: 'What was said, as it was',
  reported: 'Reported',
  at: (at: string) => moment(at),
  silencedUntil: (at: string) => `Can’t write until ${moment(at)}`,
  suspendedUntil: (at: string) => `Suspended until ${moment(at)}`,
  decide: 'What to do',
  outcomes: {
    dismissed: 'Dismiss',
    hidden: 'Take out of view',
    silenced: 'Silence',
    suspended: 'Suspend',
  } satisfies Record<ReportOutcome, string>,
  outcomeHints: {
    dismissed: 'Nothing happens. The reporter hears that it was looked at.',
    hidden: 'The message is shown to nobody any more. A trace stays.',
    silenced: 'They can read and listen, and write nothing.',
    suspended: 'They’re signed out everywhere at once, and can’t sign in.',
  } satisfies Record<ReportOutcome, string>,
  hiddenToo: 'The message is out of view as well.',
  forHow: 'For how long',
  hours: (n: number) => (n < 24 ? many(n, 'hour', 'hours') : many(n / 24, 'day', 'days')),
  hide: 'Also take the message out of view',
  remark: 'Note for admins',
  answer: 'A line to the reporter',
  answerHint: 'They read it with the outcome.',
  action: 'Decide',
  ask: {
    dismissed: 'Dismiss this report?',
    hidden: 'Take the message out of view?',
    silenced: 'Silence this person?',
    suspended: 'Suspend this person?',
  } satisfies Record<ReportOutcome, string>,
  askText: 'A report is decided once, and the reporter hears the outcome.',
  askTimed: (howLong: string) =>
    `For ${howLong}. A report is decided once, and the reporter hears the outcome.`,
  decided: 'Decided.',
  decidedBy: (name: string, when: string) => `Decided by ${name}, ${when}`,
  counts: 'Who sends requests',
  countsText: 'In the last 30 days, the most first.',
  countsEmpty: 'Nobody has sent a request yet.',
  person: 'Person',
  sent: 'Sent',
  accepted: 'Accepted',
  reportedCount: 'Reported',
  number: (n: number) => numbers.format(n),
  rules: 'Rules for everyone',
  rulesText: 'Requests with one of these are held back on this whole server, without a word to the sender.',
  words: 'Words',
  hosts: 'Link hosts',
  hostsHint: 'One on each line, like example.org. They get no preview either.',
};
