import type { SmsSender } from './sms-sender.ts';
import { terminalSmsSender } from './terminal.ts';
import { smsWebhook } from './webhook.ts';

export type { Sms, SmsSender } from './sms-sender.ts';
export { terminalSmsSender } from './terminal.ts';
export { smsWebhook } from './webhook.ts';

/** By the operator's webhook where it is set up, else in the terminal. */
export const createSmsSender = (webhook: { webhookUrl: string; secret: string } | undefined): SmsSender =>
  webhook ? smsWebhook(webhook) : terminalSmsSender();
