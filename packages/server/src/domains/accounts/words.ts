import type { Mail } from '../../platform/mail/index.ts';
import type { Sms } from '../../platform/sms/index.ts';
import { CODE_LIFETIME } from './policy.ts';

/** What the server itself writes to people: there is no client between that could have the words. */

const minutes = CODE_LIFETIME / 60_000;
const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;
const line = (to: string, code: string): string => `Sign-in code for ${to}: ${spaced(code)}`;

export const codeSms = (to: string, code: string): Sms => ({
  to,
  text: `${spaced(code)} is your Sotto code. It works for ${minutes} minutes.`,
  line: line(to, code),
});

/** Styles are inline: mail programs drop the rest. Nothing is loaded from anywhere. */
export const codeMail = (to: string, code: string): Mail => ({
  to,
  subject: `${spaced(code)} is your Sotto code`,
  text: [
    'Hello,',
    `your code for Sotto is ${spaced(code)}`,
    `It works once, for the next ${minutes} minutes. If you did not ask for it, let it lapse: nobody can sign in without it.`,
    'See you in the hallway.',
  ].join('\n\n'),
  html: `<!doctype html>
<html lang="en">
<body style="margin:0;padding:32px 16px;background:#f7f4ef;color:#2b2621;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:28em;margin:0 auto;padding:32px;background:#fff;border-radius:16px">
<p style="margin:0 0 16px">Hello,</p>
<p style="margin:0 0 8px">your code for Sotto is</p>
<p style="margin:0 0 16px;font-size:32px;font-weight:600;letter-spacing:.12em">${spaced(code)}</p>
<p style="margin:0 0 16px">It works once, for the next ${minutes} minutes. If you did not ask for it, let it lapse: nobody can sign in without it.</p>
<p style="margin:0">See you in the hallway.</p>
</div>
</body>
</html>
`,
  line: line(to, code),
});
