import { findLinks } from '@sotto/protocol/links';
import { Link } from 'wouter';
import { partsUpTo } from '../../state/long.ts';
import { mentionsIn } from '../../state/mentions.ts';
import { paths } from '../../state/route.ts';
import { partsOf, type TextPart } from '../../state/thread.ts';
import styles from './RichText.module.css';

/** Without one of these a text has neither link nor mention: most have none. */
const SIGN = /[.:@]/;

interface RichTextProps {
  text: string;
  /** Whom a handle names where this is read: nobody, oneself, or another. Without it no mentions are looked for. */
  named?: (handle: string) => 'nobody' | 'me' | 'other';
  /** UTF-16 units to show of it; else all. */
  upTo?: number | undefined;
}

/** A text with its links made live, and the people it names. */
export function RichText({ text, named, upTo }: RichTextProps) {
  if (!SIGN.test(text)) return upTo === undefined ? text : text.slice(0, upTo);
  const mentions = named ? mentionsIn(text).filter(({ handle }) => named(handle) !== 'nobody') : [];
  const parts = partsOf(text, [...findLinks(text), ...mentions]);
  return (upTo === undefined ? parts : partsUpTo(parts, upTo)).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their places.
    <Part key={index} part={part} own={part.kind === 'mention' && named?.(part.handle) === 'me'} />
  ));
}

function Part({ part, own }: { part: TextPart; own: boolean }) {
  switch (part.kind) {
    case 'text':
      return <span>{part.text}</span>;
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc" dir="ltr">
          {part.text}
        </a>
      );
    case 'mention':
      return (
        <Link
          href={paths.profile(part.handle)}
          className={styles.mention}
          data-own={own || undefined}
          dir="ltr"
        >
          {part.text}
        </Link>
      );
  }
}
