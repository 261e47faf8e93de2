import type { Conversation } from '@sotto/protocol';
import { checkPicture, dropPicture, keepPicture, pictureOf } from '../../../platform/images/index.ts';
import { checkMayWrite } from '../access.ts';
import { appendEvent } from '../fanout.ts';
import { getConversation } from '../inbox.ts';
import { runningGroup } from './actions.ts';
import { type GroupDeps, groupPlace, holdBack } from './people.ts';
import { cleanTitle } from './policy.ts';
import { readAbout, writeAbout } from './store.ts';

export const changeTitle = (
  context: GroupDeps,
  account: string,
  conversation: string,
  title: string,
): Promise<Conversation> => change(context, account, conversation, { title: cleanTitle(title) });

/** The files are there before the group names them, and go only when it has stopped naming them. */
export async function changePicture(
  context: GroupDeps,
  account: string,
  conversation: string,
  bytes: Uint8Array,
): Promise<Conversation> {
  const { platform, inbox } = context;
  // Before the work of making it smaller is done for somebody who may not.
  await platform.transact(async ({ tx }) => {
    await runningGroup(tx, account, conversation);
    await checkMayWrite(tx, account, inbox.now());
  });
  const picture = await keepPicture(platform.blobs, await checkPicture(bytes));
  try {
    return await change(context, account, conversation, { picture });
  } catch (error) {
    await drop(context, picture);
    throw error;
  }
}

export const removePicture = (
  context: GroupDeps,
  account: string,
  conversation: string,
): Promise<Conversation> => change(context, account, conversation, { picture: null });

async function change(
  context: GroupDeps,
  account: string,
  conversation: string,
  changes: { title?: string; picture?: string | null },
): Promise<Conversation> {
  const { platform, inbox } = context;
  const { shown, before, after } = await platform.transact(async work => {
    await runningGroup(work.tx, account, conversation);
    if (changes.title !== undefined || changes.picture) await checkMayWrite(work.tx, account, inbox.now());
    const old = await readAbout(work.tx, conversation);
    const about = { ...old, ...changes };
    if (about.title !== old.title || about.picture !== old.picture) {
      await writeAbout(work.tx, conversation, about);
      await appendEvent(work, inbox, groupPlace(conversation), {
        kind: 'about',
        by: account,
        extra: { title: about.title, picture: pictureOf(about.picture) },
      });
      if (about.title !== old.title) await holdBack(inbox, work, conversation, about.title);
    }
    return {
      shown: await getConversation({ ...inbox, db: work.tx }, account, conversation),
      before: old.picture,
      after: about.picture,
    };
  });
  if (before !== null && before !== after) await drop(context, before);
  return shown;
}

const drop = ({ platform }: GroupDeps, picture: string): Promise<void> =>
  dropPicture(platform.blobs, picture, error =>
    platform.log.warn({ err: error, picture }, 'picture file not deleted'),
  );
