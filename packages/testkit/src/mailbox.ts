import type { Mailer, SmsSender } from '@sotto/server';
import { eventually } from './eventually.ts';

/** Takes the place of mail and SMS: what is sent can be read by the test, as its recipient would. */
export interface Mailbox {
  readonly mailer: Mailer;
  readonly smsSender: SmsSender;
  /** The newest code sent to an address. Each is handed out once. */
  code(address: string): Promise<string>;
}

export function createMailbox(): Mailbox {
  const codes = new Map<string, string>();
  const receive = async ({ to, text }: { to: string; text: string }): Promise<void> => {
    const code = /\b(\d{3}) ?(\d{3})\b/.exec(text);
    if (code) codes.set(to, `${code[1]}${code[2]}`);
  };
  return {
    mailer: { printed: false, send: receive },
    smsSender: { printed: false, send: receive },
    async code(address) {
      const found = await eventually(() => codes.get(address) ?? false);
      codes.delete(address);
      return found;
    },
  };
}
