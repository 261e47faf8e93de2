import type { Conversation, Person } from '@sotto/protocol';
import type { ConversationStore } from '@sotto/sdk';
import { type RefObject, useEffect, useMemo, useState } from 'react';
import { mentionAt, mentioned, withMention } from '../../state/mentions.ts';
import { rooms, sotto } from '../../state/sotto.ts';
import { useReadable } from '../../ui/useReadable.ts';

interface MentionsInput {
  store: ConversationStore;
  conversation: Conversation;
  me: string;
  text: string;
  setText: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Whom one may mention where more than one other reads: everyone in the group, or those seen and read in the room. */
export function useMentions({ store, conversation, me, text, setText, field }: MentionsInput) {
  const [query, setQuery] = useState<string | null>(null);
  const [current, setCurrent] = useState(0);
  const people = usePeople(store, conversation, query !== null);
  const found = useMemo(
    () =>
      query === null
        ? []
        : mentioned(
            people.filter(({ id }) => id !== me),
            query,
          ),
    [people, query, me],
  );
  const look = () => {
    const area = field.current;
    const next = area && conversation.kind !== 'direct' ? mentionAt(area.value, area.selectionStart) : null;
    if (next !== query) setCurrent(0);
    setQuery(next);
  };
  const pick = (person: Person) => {
    const area = field.current;
    if (!area) return;
    const next = withMention(text, area.selectionStart, person.handle);
    setText(next.text);
    setQuery(null);
    requestAnimationFrame(() => {
      area.focus();
      area.setSelectionRange(next.caret, next.caret);
    });
  };
  /** Whether the key was for the list. */
  const onKey = (key: string): boolean => {
    const chosen = found[current];
    if (!chosen) return false;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      setCurrent((current + (key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
      return true;
    }
    if (key === 'Escape') {
      setQuery(null);
      return true;
    }
    if (key !== 'Enter' && key !== 'Tab') return false;
    pick(chosen);
    return true;
  };
  return { found, current, look, point: setCurrent, pick, onKey, close: () => setQuery(null) };
}

const nobody: readonly Person[] = [];

function usePeople(store: ConversationStore, conversation: Conversation, wanted: boolean): readonly Person[] {
  const [members, setMembers] = useState<readonly Person[] | null>(null);
  const state = useReadable(rooms.room);
  const { id, kind } = conversation;
  const group = kind === 'group';
  const need = group && wanted && members === null;
  useEffect(() => {
    if (!need) return;
    let over = false;
    const ask = async () => {
      const { people } = await sotto.groups.people(id);
      if (!over) setMembers(people.filter(({ invited }) => !invited).map(({ person }) => person));
    };
    // Without the network there is nobody more to offer; a handle can still be typed.
    ask().catch(() => {});
    return () => {
      over = true;
    };
  }, [need, id]);
  if (group) return members ?? conversation.faces;
  if (conversation.kind === 'direct') return nobody;
  if (state.state !== 'in' || state.room !== conversation.room.id) return nobody;
  const stage = state.snapshot.stage.map(({ person }) => person);
  if (conversation.kind === 'stage' || !wanted) return stage;
  const all = [...writersOf(store), ...stage, ...state.snapshot.audience.sample];
  return [...new Map(all.map(person => [person.id, person])).values()];
}

/** Who wrote here, the last first: of a large audience one sees only some. */
function writersOf(store: ConversationStore): Person[] {
  const { entries, people } = store.getSnapshot();
  return entries
    .toReversed()
    .flatMap(entry => (entry.kind === 'message' ? (people.get(entry.message.sender) ?? []) : []));
}
