import { useState } from 'react';
import { SearchField } from '../../ui/SearchField.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { words } from '../../words/index.ts';
import { SearchResults } from './SearchResults.tsx';
import styles from './SearchSheet.module.css';

interface SearchSheetProps {
  conversation: string;
  title: string;
  onClose: () => void;
}

/** Search over one conversation; a hit leads to its place in it. */
export function SearchSheet({ conversation, title, onClose }: SearchSheetProps) {
  const [query, setQuery] = useState('');
  return (
    <Sheet title={title} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the links inside are what is clicked, by Enter too. */}
      <div
        className={styles.search}
        // After the link has led there: it would be gone before it is followed, and the browser would load all anew.
        onClick={event => (event.target as Element).closest('a') && onClose()}
      >
        <SearchField
          autoFocus
          label={words.messageSearch.inside}
          placeholder={words.messageSearch.placeholder}
          value={query}
          onChange={setQuery}
        />
        {query.trim() ? (
          <SearchResults query={query} conversation={conversation} />
        ) : (
          <p className={styles.start}>{words.messageSearch.start}</p>
        )}
      </div>
    </Sheet>
  );
}
