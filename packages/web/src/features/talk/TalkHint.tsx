import type { Conversation, LogEntry, Person } from '@sotto/protocol';
import { useEffect, useRef, useState } from 'react';
import { conversations } from '../../state/sotto.ts';
import { shortName } from '../../ui/shortName.ts';
import { useMe } from '../shell/me.ts';
import { openTalk } from './opened.ts';
import styles from './TalkPanel.module.css';

/** Milliseconds that one is shown, and that at least lie between two. */
const SHOWN = 5000;

/** What was just written in the room, above the airplane while the talk is closed: one line, over nobody's face. */
export function TalkHint({ room, stage }: { room: Conversation | null; stage: Conversation | null }) {
  const fromRoom = useNews(room);
  const fromStage = useNews(stage);
  const news = fromStage ?? fromRoom;
  if (!news) return null;
  return (
    <button type="button" className={styles.hint} onClick={() => openTalk(fromStage ? 'stage' : 'everyone')}>
      <b dir="auto">{shortName(news.name)}</b> <span dir="auto">{news.text}</span>
    </button>
  );
}

interface News {
  name: string;
  text: string;
}

function useNews(conversation: Conversation | null): News | null {
  const me = useMe();
  const [shown, setShown] = useState<News | null>(null);
  const seen = useRef<number | null>(null);
  const busy = useRef(false);
  const last = conversation?.last ?? null;
  const id = conversation?.id;
  const unread = conversation?.unread ?? 0;
  useEffect(() => {
    const before = seen.current;
    seen.current = last?.seq ?? 0;
    if (before === null || !last || last.seq <= before || busy.current || !id || unread === 0) return;
    const news = newsOf(last, me.id, conversations().get(id).getSnapshot().people);
    if (!news) return;
    busy.current = true;
    setShown(news);
    setTimeout(() => {
      busy.current = false;
      setShown(null);
    }, SHOWN);
  }, [last, id, unread, me.id]);
  return shown;
}

function newsOf(entry: LogEntry, me: string, people: ReadonlyMap<string, Person>): News | null {
  if (entry.kind !== 'message' || entry.message.sender === me || entry.message.text === '') return null;
  const name = people.get(entry.message.sender)?.name;
  return name === undefined ? null : { name, text: entry.message.text.slice(0, 120) };
}
