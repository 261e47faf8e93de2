import type { ConversationId, ReportReason } from '@sotto/protocol';
import { type FormEvent, useId, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { reports, requests } from '../../state/requests.ts';
import { Button } from '../../ui/Button.tsx';
import { Switch } from '../../ui/Choice.tsx';
import { AreaField } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './ReportSheet.module.css';

const NOTE_MAX = 1000;
const REASONS = Object.keys(words.reports.reasons) as ReportReason[];

interface ReportSheetProps {
  /** Many: each who asks there, and they are blocked as well. */
  conversation: ConversationId | readonly ConversationId[];
  /** The message; without it, whoever asks or invites. */
  seq?: number;
  /** The name of whom it is about. */
  about: string;
  onClose: () => void;
  /** It was sent. `blocked`: and they were blocked. */
  onDone?: (blocked: boolean) => void;
}

/** Report a message, or whoever asks or invites (BC-7). */
export function ReportSheet({ conversation, seq, about, onClose, onDone }: ReportSheetProps) {
  const form = useId();
  const [reason, setReason] = useState<ReportReason>();
  const [text, setText] = useState('');
  const [block, setBlock] = useState(false);
  const many = typeof conversation === 'string' ? null : conversation;
  const [missing, setMissing] = useState(false);
  const send = useAction(async (because: ReportReason) => {
    if (typeof conversation !== 'string') await requests().report(conversation, because, text.trim());
    else
      await reports().make({
        conversation,
        ...(seq !== undefined && { seq }),
        reason: because,
        note: text.trim(),
        block,
      });
    note(words.reports.sent);
    onClose();
    onDone?.(block || many !== null);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!reason);
    if (reason) send.start(reason);
  };
  return (
    <Sheet
      title={seq === undefined ? words.reports.title(about) : words.reports.messageTitle}
      onClose={onClose}
      footer={
        <>
          <p id={`${form}-problem`} role="alert" className={styles.problem}>
            {missing ? words.reports.missing : send.error === undefined ? '' : wordsFor(send.error)}
          </p>
          <Button type="submit" form={form} tone="danger" size="l" wide busy={send.busy}>
            {words.reports.action}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <p className={styles.text}>{many ? words.reports.textMany : words.reports.text}</p>
        <fieldset className={styles.reasons} aria-describedby={`${form}-problem`}>
          <legend>{words.reports.reason}</legend>
          {REASONS.map(each => (
            <label key={each}>
              <input
                type="radio"
                name={`${form}-reason`}
                checked={reason === each}
                onChange={() => {
                  setReason(each);
                  setMissing(false);
                }}
              />
              {words.reports.reasons[each]}
            </label>
          ))}
        </fieldset>
        <AreaField
          label={words.reports.note}
          placeholder={words.reports.notePlaceholder}
          value={text}
          maxLength={NOTE_MAX}
          count={{ of: text.length, max: NOTE_MAX }}
          onChange={event => setText(event.target.value)}
        />
        {!many && (
          <Switch
            label={words.reports.block(about)}
            hint={words.reports.blockHint}
            checked={block}
            onChange={setBlock}
          />
        )}
      </form>
    </Sheet>
  );
}
