import type { ShareCard } from '@sotto/protocol';
import Check from 'lucide-react/icons/check';
import Link2 from 'lucide-react/icons/link';
import Send from 'lucide-react/icons/send';
import ShareIcon from 'lucide-react/icons/share-2';
import { useState } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { isNamed } from '../../state/search.ts';
import { conversations, inbox } from '../../state/sotto.ts';
import { announce } from '../../ui/announce.ts';
import { Button } from '../../ui/Button.tsx';
import { copyText } from '../../ui/copy.ts';
import { Field } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { Row } from '../../ui/Row.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { ConversationFace } from '../conversation/ConversationFace.tsx';
import styles from './TalkPanel.module.css';

/** More than so many, and one finds by name. */
const MANY = 6;

interface ShareSheetProps {
  title: string;
  card: ShareCard;
  /** What leads there from elsewhere. */
  url: string;
  onClose: () => void;
}

/** Hands something on: by its link, or as a card in conversations (BC-5). */
export function ShareSheet({ title, card, url, onClose }: ShareSheetProps) {
  const [query, setQuery] = useState('');
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set());
  const [shownLink, setShownLink] = useState(false);
  const all = useReadable(inbox).conversations.filter(
    each => each.canWrite && (each.kind === 'group' || (each.kind === 'direct' && !each.asRequest)),
  );
  const found = query.trim() === '' ? all : all.filter(each => isNamed(conversationTitle(each), query));
  const send = (id: string, name: string) => {
    if (sent.has(id)) return;
    conversations().get(id).send({ card });
    setSent(new Set(sent).add(id));
    announce(words.share.done(name));
  };
  const copy = async () => {
    if (await copyText(url)) note(words.room.shared);
    else setShownLink(true);
  };
  const device = () =>
    navigator.share({ title, url }).catch((error: DOMException) => {
      if (error.name !== 'AbortError') setShownLink(true);
    });
  return (
    <Sheet title={title} onClose={onClose}>
      <div className={styles.share}>
        <div className={styles.ways}>
          <Button icon={<Link2 />} onClick={copy}>
            {words.share.link}
          </Button>
          {'share' in navigator && (
            <Button icon={<ShareIcon />} onClick={device}>
              {words.share.device}
            </Button>
          )}
        </div>
        {shownLink && (
          <Field
            label={words.room.shareFailed}
            value={url}
            readOnly
            dir="ltr"
            onFocus={event => event.target.select()}
          />
        )}
        {all.length > MANY && (
          <Field
            label={words.share.search}
            value={query}
            onChange={event => setQuery(event.target.value)}
            enterKeyHint="search"
          />
        )}
        {all.length === 0 ? (
          <p className={styles.none}>{words.share.empty}</p>
        ) : (
          <ul className={styles.to} aria-label={words.share.toConversation}>
            {found.map(each => {
              const name = conversationTitle(each);
              return (
                <li key={each.id}>
                  <Row
                    onPress={() => send(each.id, name)}
                    lead={<ConversationFace conversation={each} size={40} />}
                    title={name}
                    aside={
                      sent.has(each.id) ? (
                        <span className={styles.shared}>
                          <Check aria-hidden="true" size={16} /> {words.share.sent}
                        </span>
                      ) : (
                        <>
                          <Send aria-hidden="true" size={18} />
                          <span className="visually-hidden">{words.share.send(name)}</span>
                        </>
                      )
                    }
                  />
                </li>
              );
            })}
            {found.length === 0 && <li className={styles.none}>{words.share.none}</li>}
          </ul>
        )}
      </div>
    </Sheet>
  );
}
