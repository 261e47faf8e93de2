import type { Reply } from '@sotto/protocol';
import ImageIcon from 'lucide-react/icons/image';
import Mic from 'lucide-react/icons/mic';
import Play from 'lucide-react/icons/play';
import { words } from '../../words/index.ts';
import styles from './Quote.module.css';
import { usePlace } from './thread-context.ts';

const icons = { image: ImageIcon, video: Play, voice: Mic };

/** What a message answers, as much as fits on a line; a tap goes there, unless it was written before one came. */
export function Quote({ reply }: { reply: Reply }) {
  const { nameOf, me, firstSeq, actions } = usePlace();
  const own = reply.sender === me;
  const name = own ? words.you : nameOf(reply.sender);
  if (reply.seq < firstSeq)
    return (
      <div className={styles.quote}>
        <QuoteText reply={{ ...reply, text: words.conversation.before, attachment: null }} name={name} />
      </div>
    );
  return (
    <button type="button" className={styles.quote} onClick={() => actions.jump(reply.seq)}>
      <span className="visually-hidden">
        {own ? words.conversation.quoteOfYou : words.conversation.quoteOf(name)}
      </span>
      <QuoteText reply={reply} name={name} />
    </button>
  );
}

/** The name and the line of a quote, also above the composer. */
export function QuoteText({ reply, name }: { reply: Reply; name: string }) {
  const Icon = reply.attachment && icons[reply.attachment];
  const kind = reply.attachment && words.conversation[reply.attachment];
  return (
    <span className={styles.text}>
      <b dir="auto">{name}</b>
      <span dir="auto">
        {Icon && <Icon aria-hidden="true" />}
        {reply.text || kind || words.conversation.gone}
      </span>
    </span>
  );
}
