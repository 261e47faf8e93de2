import type { Mailer } from './mailer.ts';

/** Prints each mail's line instead of sending it, to standard output: it is the operator who is told. */
export const terminalMailer = (
  write: (line: string) => void = line => process.stdout.write(line),
): Mailer => ({
  printed: true,
  send: async ({ line }) => write(`${line}\n`),
});
