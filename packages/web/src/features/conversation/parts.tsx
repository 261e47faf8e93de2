import type { Conversation } from '@sotto/protocol';
import { shortName } from '../../ui/shortName.ts';
import { words } from '../../words/index.ts';
import styles from './Thread.module.css';
import { usePlace } from './thread-context.ts';

function textOf(conversation: Conversation): string {
  switch (conversation.kind) {
    case 'direct':
      return words.conversation.beginning(conversation.with.name);
    case 'group':
      return conversation.firstSeq > 1 ? words.conversation.beginningGroup : words.conversation.beginningMade;
    case 'room':
      return words.conversation.beginningRoom;
    case 'stage':
      return words.conversation.beginningStage;
  }
}

/** What stands above the first message. */
export function Beginning({ conversation }: { conversation: Conversation }) {
  return <p className={styles.beginning}>{textOf(conversation)}</p>;
}

export function typingText(accounts: readonly string[], nameOf: (account: string) => string): string {
  const [first, second] = accounts;
  if (!first) return '';
  if (!second) return words.conversation.typing(nameOf(first));
  if (accounts.length > 2) return words.conversation.typingMany(accounts.length);
  return words.conversation.typingTwo(shortName(nameOf(first)), shortName(nameOf(second)));
}

/** Three dots while somebody writes; said once, in words. */
export function Typing({
  accounts,
  nameOf,
}: {
  accounts: readonly string[];
  nameOf: (account: string) => string;
}) {
  const { kind } = usePlace();
  const text = typingText(accounts, nameOf);
  if (!text) return null;
  return (
    <div className={styles.typing}>
      <span className={styles.dots} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span className={kind === 'direct' ? 'visually-hidden' : undefined} role="status">
        {text}
      </span>
    </div>
  );
}
