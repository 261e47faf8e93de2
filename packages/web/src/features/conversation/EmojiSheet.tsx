import { Sheet } from '../../ui/Sheet.tsx';
import { words } from '../../words/index.ts';
import { EmojiGrid } from './EmojiGrid.tsx';

/** Any emoji as a reaction. */
export function EmojiSheet({ onPick, onClose }: { onPick: (emoji: string) => void; onClose: () => void }) {
  return (
    <Sheet title={words.conversation.emojiAdd} onClose={onClose}>
      <EmojiGrid
        onPick={emoji => {
          onPick(emoji);
          onClose();
        }}
      />
    </Sheet>
  );
}
