import { findLinks } from '@sotto/protocol/links';
import { partsOf } from '../../state/thread.ts';

/** A text with its links made live. */
export function RichText({ text }: { text: string }) {
  return partsOf(text, findLinks(text)).map((part, index) =>
    part.kind === 'text' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their places.
      <span key={index}>{part.text}</span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their places.
      <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc" dir="ltr">
        {part.text}
      </a>
    ),
  );
}
