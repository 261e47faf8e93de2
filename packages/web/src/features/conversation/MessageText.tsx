import { RichText } from '../profile/RichText.tsx';
import { usePlace } from './thread-context.ts';

/** What somebody wrote, up to a place in it, with live links and mentions where links are live. */
export function MessageText({ text, upTo }: { text: string; upTo?: number | undefined }) {
  const { who, linked } = usePlace();
  return linked ? <RichText text={text} named={who} upTo={upTo} /> : text.slice(0, upTo);
}
