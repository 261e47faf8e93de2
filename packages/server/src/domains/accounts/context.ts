import type { Mailer } from '../../platform/mail/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { SmsSender } from '../../platform/sms/index.ts';
import type { ViewerCache } from './viewer-cache.ts';

/** What the actions of this domain stand on. */
export interface Context extends Platform {
  mailer: Mailer;
  smsSender: SmsSender;
  viewers: ViewerCache;
}
