import type { Attachment, Evidence } from '@sotto/protocol';
import { cx } from '../../ui/cx.ts';
import { words } from '../../words/index.ts';
import styles from './Console.module.css';

interface EvidenceViewProps {
  evidence: Evidence;
  seq: number | null;
  /** Whom the report is about: on the one side, all others on the other. */
  about: string;
}

/** What was said, as it was when it was reported. */
export function EvidenceView({ evidence, seq, about }: EvidenceViewProps) {
  const names = new Map(evidence.people.map(person => [person.id, person.name]));
  return (
    <ol className={styles.evidence}>
      {evidence.entries.map(entry => {
        if (entry.kind !== 'message') return null;
        const { message } = entry;
        const isIt = entry.seq === seq;
        return (
          <li
            key={entry.seq}
            className={cx(styles.said, message.sender === about && styles.theirs, isIt && styles.it)}
          >
            <small>
              <span dir="auto">{names.get(message.sender) ?? words.conversation.someone}</span> ·{' '}
              <time dateTime={entry.at}>{words.console.at(entry.at)}</time>
              {isIt && <b> · {words.console.reported}</b>}
            </small>
            {message.hidden ? (
              <i>{words.conversation.hidden}</i>
            ) : (
              <>
                {message.text && <p dir="auto">{message.text}</p>}
                {message.attachments.length > 0 && (
                  <span className={cx(styles.files, message.attachments.length > 1 && styles.several)}>
                    {message.attachments.map(file => (
                      <File key={file.id} file={file} />
                    ))}
                  </span>
                )}
              </>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function File({ file }: { file: Attachment }) {
  const { links, kind } = file;
  if (kind === 'voice' && links.original)
    // biome-ignore lint/a11y/useMediaCaption: what people say to each other has no captions.
    return <audio controls preload="none" src={links.original} />;
  if (kind === 'video' && links.original)
    return (
      // biome-ignore lint/a11y/useMediaCaption: what people film has no captions.
      <video controls preload="none" poster={links.poster ?? undefined} src={links.original} />
    );
  const picture = links.medium ?? links.small;
  return picture ? (
    <img src={picture} alt={words.conversation.image} loading="lazy" />
  ) : (
    <span>{words.conversation[kind]}</span>
  );
}
