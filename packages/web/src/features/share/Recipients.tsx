import type { Conversation } from '@sotto/protocol';
import { useState } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { isNamed } from '../../state/search.ts';
import { conversations, inbox } from '../../state/sotto.ts';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { SearchField } from '../../ui/SearchField.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { ConversationFace } from '../conversation/ConversationFace.tsx';
import inboxStyles from '../inbox/Inbox.module.css';
import { More } from '../inbox/More.tsx';
import { PeopleFound } from '../people/PeopleFound.tsx';
import { usePeopleSearch } from '../people/usePeopleSearch.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './Share.module.css';

/** Conversations with the newest first, and by what is typed everybody else too. */
export function Recipients({ onChoose }: { onChoose: (conversation: Conversation) => void }) {
  const [typed, setTyped] = useState('');
  const query = typed.trim();
  const { conversations: all, state, hasMore, loadingMore } = useReadable(inbox);
  const open = all.filter(each => each.canWrite && (each.kind === 'direct' || each.kind === 'group'));
  const found = query === '' ? open : open.filter(each => isNamed(conversationTitle(each), query));
  return (
    <>
      <SearchField
        label={words.shared.find}
        placeholder={words.shared.placeholder}
        value={typed}
        onChange={setTyped}
      />
      {found.length > 0 && (
        <section className={styles.part} aria-label={words.shared.recent}>
          <h2>{words.shared.recent}</h2>
          <ul className={inboxStyles.list}>
            {found.map(each => (
              <li key={each.id}>
                <Row
                  onPress={() => onChoose(each)}
                  lead={<ConversationFace conversation={each} size={46} />}
                  title={conversationTitle(each)}
                  {...(each.kind === 'direct' && { text: `@${each.with.handle}` })}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      {hasMore && <More loading={loadingMore} onMore={inbox.loadMore} />}
      {query !== '' || (open.length === 0 && state !== 'loading') ? (
        <Others typed={typed} listed={open} alone={found.length === 0} onChoose={onChoose} />
      ) : (
        open.length === 0 && <Skeleton kind="row" rows={5} />
      )}
    </>
  );
}

interface OthersProps {
  typed: string;
  /** Whom one writes with stands among these. */
  listed: readonly Conversation[];
  /** There is nothing above: then it is said that nobody was found, or why. */
  alone: boolean;
  onChoose: (conversation: Conversation) => void;
}

function Others({ typed, listed, alone, onChoose }: OthersProps) {
  const search = usePeopleSearch(typed, 'write');
  const known = new Set(listed.flatMap(each => (each.kind === 'direct' ? [each.with.id] : [])));
  const others = search.list?.filter(({ id }) => !known.has(id));
  if (!alone && !others?.length) return null;
  const choose = async (person: string) =>
    onChoose(conversations().findDirect(person) ?? (await conversations().openDirect(person)));
  return (
    <section className={styles.part} aria-label={words.shared.people}>
      <PeopleFound search={{ ...search, list: others }}>
        {list => (
          <>
            <h2>{words.shared.people}</h2>
            <ul className={inboxStyles.list}>
              {list.map(person => (
                <li key={person.id}>
                  <Row
                    onPress={() => attempt(choose(person.id))}
                    lead={
                      <Face id={person.id} name={person.name} picture={person.picture?.small} size={46} />
                    }
                    title={person.name}
                    text={`@${person.handle}`}
                  />
                </li>
              ))}
            </ul>
          </>
        )}
      </PeopleFound>
    </section>
  );
}
