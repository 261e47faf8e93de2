import type { Mailer } from './mailer.ts';
import { smtpMailer } from './smtp.ts';
import { terminalMailer } from './terminal.ts';

export type { Mail, Mailer } from './mailer.ts';
export { smtpMailer } from './smtp.ts';
export { terminalMailer } from './terminal.ts';

/** By SMTP where it is set up, else in the terminal. */
export const createMailer = (smtp: { smtpUrl: string; from: string } | undefined): Mailer =>
  smtp ? smtpMailer(smtp) : terminalMailer();
