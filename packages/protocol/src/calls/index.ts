import { accountCalls } from './accounts.ts';
import { attachmentCalls } from './attachments.ts';
import { backchannelCalls } from './backchannel.ts';
import { graphCalls } from './graph.ts';
import { groupCalls } from './groups.ts';
import { pushCalls } from './push.ts';
import { reportCalls } from './reports.ts';
import { requestCalls } from './requests.ts';
import { roomCalls } from './rooms.ts';
import { talkCalls } from './talk.ts';

/** The whole API: each key is the method and the path, so a client needs the types alone. */
export const calls = {
  ...accountCalls,
  ...graphCalls,
  ...roomCalls,
  ...attachmentCalls,
  ...backchannelCalls,
  ...requestCalls,
  ...groupCalls,
  ...talkCalls,
  ...reportCalls,
  ...pushCalls,
};

export type Calls = typeof calls;
export type CallKey = keyof Calls;
