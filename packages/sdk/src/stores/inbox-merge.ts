import type { Conversation } from '@sotto/protocol';
import { isTalk } from './conversation-entry.ts';

/**
 * A conversation that is known, and as the server had it at some moment. `head` and `version` say which of the two is newer
 * in what the log tells, and in the rest; what was read only goes forward.
 * @returns `unsure` where each is newer in one of the two: put together they are only near enough
 */
export function mergeConversations(
  known: Conversation,
  fresh: Conversation,
): { readonly merged: Conversation; readonly unsure: boolean } {
  const isNewer = fresh.head >= known.head && fresh.version >= known.version;
  const isOlder = fresh.head <= known.head && fresh.version <= known.version;
  const [place, log] = fresh.version >= known.version ? [fresh, known] : [known, fresh];
  const base = isNewer ? fresh : isOlder ? known : fromBoth(place, log);
  return {
    merged: { ...base, ...reading(known, fresh), readers: readersOf(base, known, fresh) },
    unsure: !isNewer && !isOlder,
  };
}

/** `place` is newer in what is not in the log, `log` in what is. Both are of one kind: it never changes. */
function fromBoth(place: Conversation, log: Conversation): Conversation {
  const { head, last, at } = log;
  if (place.kind === 'group' && log.kind === 'group') {
    const { count, faces, title, picture } = log;
    return { ...place, head, last, at, count, faces, title, picture };
  }
  if (isTalk(place) && isTalk(log)) {
    const { on, slowSeconds, pin, room, canWrite, whyNot } = log;
    return { ...place, head, last, at, on, slowSeconds, pin, room, canWrite, whyNot };
  }
  return { ...place, head, last, at };
}

function reading(
  known: Conversation,
  fresh: Conversation,
): Pick<Conversation, 'readSeq' | 'unread' | 'markedUnread'> {
  const { readSeq, unread, markedUnread } = known;
  if (fresh.head < known.head) {
    return {
      readSeq,
      unread,
      markedUnread: fresh.version > known.version ? fresh.markedUnread : markedUnread,
    };
  }
  if (fresh.readSeq >= readSeq) {
    return {
      readSeq: fresh.readSeq,
      unread: fresh.unread,
      markedUnread: fresh.version >= known.version ? fresh.markedUnread : markedUnread,
    };
  }
  return { readSeq, unread: readSeq >= fresh.head ? 0 : Math.min(unread, fresh.unread), markedUnread };
}

/** Who can be seen reading, as the newer one says; up to where, only forward. */
function readersOf(base: Conversation, known: Conversation, fresh: Conversation): Conversation['readers'] {
  const seqOf = (conversation: Conversation, account: string) =>
    conversation.readers.find(reader => reader.account === account)?.seq ?? 0;
  return base.readers.map(({ account }) => ({
    account,
    seq: Math.max(seqOf(known, account), seqOf(fresh, account)),
  }));
}
