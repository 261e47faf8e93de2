import type { SmsSender } from './sms-sender.ts';

/** Prints each message's line instead of sending it, to standard output: it is the operator who is told. */
export const terminalSmsSender = (
  write: (line: string) => void = line => process.stdout.write(line),
): SmsSender => ({
  printed: true,
  send: async ({ line }) => write(`${line}\n`),
});
