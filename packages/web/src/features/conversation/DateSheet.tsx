import { type FormEvent, useId, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { conversations } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';

interface DateSheetProps {
  conversation: string;
  onGo: (seq: number) => void;
  onClose: () => void;
}

/** The day as a date field writes it, where this device is. */
const dayOf = (date: Date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

/** Goes to what was written on a day, or first after it (BC-8). */
export function DateSheet({ conversation, onGo, onClose }: DateSheetProps) {
  const today = dayOf(new Date());
  const [day, setDay] = useState(today);
  const form = useId();
  const go = useAction(async () => {
    const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
    const at = new Date(year, month - 1, date).toISOString();
    const seq = await conversations().get(conversation).jumpTo({ at });
    onClose();
    if (seq === null) note(words.conversation.noDate);
    else onGo(seq);
  });
  return (
    <Sheet
      title={words.conversation.toDate}
      onClose={onClose}
      footer={
        <Button type="submit" form={form} tone="whisper" size="l" wide busy={go.busy} disabled={!day}>
          {words.conversation.go}
        </Button>
      }
    >
      <form
        id={form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          go.start();
        }}
      >
        <Field
          label={words.conversation.date}
          type="date"
          value={day}
          max={today}
          onChange={event => setDay(event.target.value)}
          error={go.error ? wordsFor(go.error) : undefined}
        />
      </form>
    </Sheet>
  );
}
