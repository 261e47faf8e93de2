import { createTransport } from 'nodemailer';
import { DeliveryError } from '../delivery-error.ts';
import type { Mailer } from './mailer.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Mail by SMTP (RFC 5321), a connection per mail. TLS is used wherever the server offers it, and demanded where a
 * password is sent over a network; queries of the URL are nodemailer's (`?tls.rejectUnauthorized=false`).
 * @param options.smtpUrl `smtp://` or `smtps://`, with user and password where the server wants them
 * @param options.from sender, as `Sotto <sotto@example.org>`
 * @param options.timeout milliseconds without an answer after which the server is given up
 */
export function smtpMailer(options: { smtpUrl: string; from: string; timeout?: number }): Mailer {
  const { hostname, username } = new URL(options.smtpUrl);
  const timeout = options.timeout ?? 10_000;
  const transport = createTransport({
    url: options.smtpUrl,
    requireTLS: username !== '' && !loopback.has(hostname),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    dnsTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    printed: false,
    async send({ to, subject, text, html }) {
      try {
        await transport.sendMail({
          from: options.from,
          to: { name: '', address: to },
          subject,
          text,
          html,
          // RFC 3834: no out-of-office replies to a code.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw new DeliveryError(`mail server: ${reasonOf(error)}`);
      }
    },
  };
}

/** nodemailer's own code and the server's number; the texts of both repeat the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const reply = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : '';
  return `${code} ${reply}`.trim();
}
