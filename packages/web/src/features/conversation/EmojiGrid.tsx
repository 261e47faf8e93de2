import { useMemo, useState } from 'react';
import { findEmoji, readEmoji, toned, tones } from '../../state/emoji.ts';
import { emojiTone } from '../../state/prefs.ts';
import { useReadable } from '../../ui/useReadable.ts';
import list from '../../words/en/emoji.txt?raw';
import { words } from '../../words/index.ts';
import styles from './EmojiGrid.module.css';

const groups = readEmoji(list);

/** All emoji, searchable by simple words. Drawn by the device's own font. */
export function EmojiGrid({ onPick }: { onPick: (emoji: string) => void }) {
  const [query, setQuery] = useState('');
  const tone = useReadable(emojiTone);
  const found = useMemo(() => findEmoji(groups, query), [query]);
  const shown = query.trim() ? [{ name: '', emoji: found }] : groups;
  return (
    <div className={styles.picker}>
      <input
        type="search"
        className={styles.search}
        value={query}
        aria-label={words.conversation.emojiSearch}
        placeholder={words.conversation.emojiSearch}
        enterKeyHint="search"
        onChange={event => setQuery(event.target.value)}
        onKeyDown={event => {
          const [first] = found;
          if (event.key !== 'Enter' || !first) return;
          event.preventDefault();
          onPick(toned(first.char, tone));
        }}
      />
      <div className={styles.groups}>
        {shown.map(group => (
          <section key={group.name} aria-label={group.name || words.conversation.emojiSearch}>
            {group.name && <h3>{group.name}</h3>}
            <div className={styles.grid}>
              {group.emoji.map(({ char, words: name }) => (
                <button
                  key={char}
                  type="button"
                  aria-label={name.split(',')[0]}
                  title={name.split(',')[0]}
                  onClick={() => onPick(toned(char, tone))}
                >
                  {toned(char, tone)}
                </button>
              ))}
            </div>
          </section>
        ))}
        {query.trim() && found.length === 0 && <p role="status">{words.conversation.emojiNone}</p>}
      </div>
      <div className={styles.tones} role="radiogroup" aria-label={words.conversation.tones}>
        {tones.map((each, index) => (
          <label key={each || 'none'}>
            <input
              type="radio"
              name="tone"
              checked={tone === each}
              aria-label={`${words.conversation.tones} ${words.number(index)}`}
              onChange={() => emojiTone.set(each)}
            />
            <span aria-hidden="true">{toned('✋', each)}</span>
          </label>
        ))}
      </div>
    </div>
  );
}
