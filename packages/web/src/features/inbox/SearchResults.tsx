import type { Conversation, LogEntry, Person } from '@sotto/protocol';
import Search from 'lucide-react/icons/search';
import { useState } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { againAfter, wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { excerptOf, isNamed, piecesOf } from '../../state/search.ts';
import { conversations, inbox } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Row } from '../../ui/Row.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { shortName } from '../../ui/shortName.ts';
import { useAgainLater, useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { useSettled } from '../../ui/useSettled.ts';
import { words } from '../../words/index.ts';
import { shortAgo } from '../../words/time.ts';
import type { OpenedFor } from '../conversation/Conversation.tsx';
import { ConversationFace } from '../conversation/ConversationFace.tsx';
import { attempt } from '../room/useRoomActions.ts';
import { useMe } from '../shell/me.ts';
import inboxStyles from './Inbox.module.css';
import styles from './SearchResults.module.css';

type Page = Awaited<ReturnType<ReturnType<typeof conversations>['search']>>;

interface SearchResultsProps {
  query: string;
  /** Only in this one. */
  conversation?: string;
}

/** What was found: conversations by their name, then messages by their words, each conversation's together. */
export function SearchResults({ query: typed, conversation }: SearchResultsProps) {
  const query = useSettled(typed.trim(), '');
  const options = conversation === undefined ? {} : { conversation };
  const found = useLoad(`messages:${conversation}:${query}`, signal =>
    query === '' ? new Promise<Page>(() => undefined) : conversations().search(query, { ...options, signal }),
  );
  const again = found.state === 'failed' ? againAfter(found.error) : null;
  useAgainLater(again, found.reload);
  const [shown, setShown] = useState<{ query: string; page: Page }>();
  // What was found stays until the next answer, so that nothing flickers while one types.
  if (found.state === 'ready' && found.value !== shown?.page) setShown({ query, page: found.value });
  const named = useNamed(conversation === undefined ? query : '');
  const more = async () => {
    if (found.state !== 'ready' || found.value.next === null) return;
    const next = await conversations().search(query, { ...options, after: found.value.next });
    found.change(page => together(page, next));
  };
  if (found.state === 'failed' && again === null)
    return (
      <State
        alert
        icon={<Search />}
        title={words.messageSearch.errorTitle}
        text={wordsFor(found.error)}
        action={<Button onClick={found.reload}>{words.retry}</Button>}
      />
    );
  const page = found.state === 'ready' ? found.value : shown?.page;
  if (!page) return <Skeleton kind="row" rows={5} />;
  if (page.found.length === 0 && named.length === 0)
    return (
      <State icon={<Search />} title={words.messageSearch.noneTitle} text={words.messageSearch.noneText} />
    );
  return (
    <div className={styles.results}>
      {named.length > 0 && (
        <section aria-label={words.messageSearch.people}>
          <h2>{words.messageSearch.people}</h2>
          <ul className={inboxStyles.list}>
            {named.map(each => (
              <li key={each.id}>
                <Row
                  href={paths.conversation(each.id)}
                  lead={<ConversationFace conversation={each} size={44} />}
                  title={<Marked text={conversationTitle(each)} query={query} />}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      {grouped(page).map(({ place, entries }) => (
        <section key={place.id} aria-label={conversationTitle(place)}>
          {conversation === undefined && (
            <h2 className={styles.place}>
              <ConversationFace conversation={place} size={28} />
              <span dir="auto">{conversationTitle(place)}</span>
            </h2>
          )}
          <ul className={inboxStyles.list}>
            {entries.map(entry => (
              <li key={entry.seq}>
                <Hit place={place} entry={entry} query={shown?.query ?? query} people={page.people} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {page.next !== null && <Button onClick={() => attempt(more())}>{words.messageSearch.more}</Button>}
    </div>
  );
}

const together = (page: Page, next: Page): Page => ({
  found: [...page.found, ...next.found],
  conversations: [
    ...new Map([...page.conversations, ...next.conversations].map(each => [each.id, each])).values(),
  ],
  people: [...page.people, ...next.people],
  next: next.next,
});

/** In the order of their newest hit. */
function grouped({ found, conversations: places }: Page) {
  return [...Map.groupBy(found, each => each.conversation)].flatMap(([id, hits]) => {
    const place = places.find(each => each.id === id);
    return place ? { place, entries: hits.map(hit => hit.entry) } : [];
  });
}

/** Conversations that are called so, of those on this device. */
function useNamed(query: string): Conversation[] {
  const { conversations: all } = useReadable(inbox);
  if (query === '') return [];
  return all.filter(each => isNamed(conversationTitle(each), query)).slice(0, 5);
}

function Hit({
  place,
  entry,
  query,
  people,
}: {
  place: Conversation;
  entry: LogEntry;
  query: string;
  people: readonly Person[];
}) {
  const me = useMe();
  if (entry.kind !== 'message') return null;
  const { sender, text } = entry.message;
  const by =
    sender === me.id
      ? words.you
      : place.kind === 'direct'
        ? shortName(place.with.name)
        : shortName(people.find(person => person.id === sender)?.name ?? words.unnamed.someone);
  return (
    <Row
      href={paths.conversation(place.id, entry.seq)}
      state={{ find: query } satisfies OpenedFor}
      lead={null}
      title={<span className={styles.by}>{by}</span>}
      text={
        <span className={styles.text}>
          <Marked text={text} query={query} cut />
        </span>
      }
      aside={<time dateTime={entry.at}>{shortAgo(entry.at)}</time>}
    />
  );
}

function Marked({ text, query, cut }: { text: string; query: string; cut?: boolean }) {
  const pieces = cut ? excerptOf(text, query) : piecesOf(text, query);
  return pieces.map((piece, index) =>
    piece.hit ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order.
      <mark key={index} className={styles.hit}>
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}
