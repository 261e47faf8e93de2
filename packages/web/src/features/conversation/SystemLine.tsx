import type { SystemEntry } from '../../state/thread.ts';
import { shortName } from '../../ui/shortName.ts';
import { words } from '../../words/index.ts';
import styles from './Thread.module.css';
import { type ThreadPlace, usePlace } from './thread-context.ts';

/** Named one by one; the others are a number. */
const NAMED = 3;

function nameIn({ me, nameOf }: ThreadPlace, account: string): string {
  return account === me ? words.you : shortName(nameOf(account));
}

/** @param named so many of them by name */
function textOf(entry: SystemEntry, place: ThreadPlace, named: number): string {
  const say = words.conversation.system;
  if (entry.kind === 'frozen') return say.frozen;
  const by = nameIn(place, entry.by);
  switch (entry.kind) {
    case 'people': {
      const done = entry.change === 'added' || entry.change === 'removed';
      const names = entry.accounts
        .slice(0, named)
        .map((account, at) =>
          account === place.me && (done || at > 0) ? say.people.you : nameIn(place, account),
        );
      const more = entry.accounts.length - names.length;
      const who = words.list(more > 0 ? [...names, words.conversation.others(more)] : names);
      switch (entry.change) {
        case 'made':
          return say.people.made(by);
        case 'added':
          return say.people.added(by, who);
        case 'removed':
          return say.people.removed(by, who);
        default:
          return say.people[entry.change](who, entry.accounts.length === 1 && entry.accounts[0] === place.me);
      }
    }
    case 'about':
      return entry.title ? say.named(by, entry.title) : say.unnamed(by);
    case 'pin':
      return entry.of === null ? say.unpinned(by) : say.pinned(by);
    case 'talk':
      if (!entry.on) return say.talkOff(by);
      return entry.slowSeconds > 0 ? say.talkSlow(by, entry.slowSeconds) : say.talkOn(by);
  }
}

/** What happened besides messages: who came, a new name, a pin. */
export function SystemLine({ entry }: { entry: SystemEntry }) {
  const place = usePlace();
  const { actions } = place;
  const text = textOf(entry, place, NAMED);
  // Where there are more than one wants to see, who listens hears all of them.
  const whole = textOf(entry, place, Number.POSITIVE_INFINITY);
  const of = entry.kind === 'pin' ? entry.of : null;
  return (
    <p className={styles.system} data-key={`system-${entry.seq}`} data-seq={entry.seq} dir="auto">
      {of === null ? (
        <>
          <span aria-hidden={whole !== text || undefined}>{text}</span>
          {whole !== text && <span className="visually-hidden">{whole}</span>}
        </>
      ) : (
        <button type="button" onClick={() => actions.jump(of)}>
          {text}
        </button>
      )}
    </p>
  );
}
