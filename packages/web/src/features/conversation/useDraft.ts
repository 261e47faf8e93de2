import type { Reply } from '@sotto/protocol';
import { useEffect, useState } from 'react';
import { drafts } from '../../state/drafts.ts';

export interface Draft {
  text: string;
  setText: (text: string) => void;
  reply: Reply | null;
  setReply: (reply: Reply | null) => void;
}

/** What is being written in a conversation, and what it answers; kept on the device. */
export function useDraft(conversation: string): Draft {
  const [text, setText] = useState(() => drafts.get(conversation));
  const [reply, setReply] = useState(() => drafts.reply(conversation));
  useEffect(() => drafts.set(conversation, text), [conversation, text]);
  useEffect(() => drafts.setReply(conversation, reply), [conversation, reply]);
  return { text, setText, reply, setReply };
}
