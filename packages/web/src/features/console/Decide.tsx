import type { Report, ReportOutcome } from '@sotto/protocol';
import { useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented, Switch } from '../../ui/Choice.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { AreaField, Field } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import styles from './Console.module.css';

const REMARK_MAX = 2000;
const ANSWER_MAX = 500;
const HOURS = ['1', '24', '168', '720'] as const;
type Hours = (typeof HOURS)[number];
const OUTCOMES: readonly ReportOutcome[] = ['dismissed', 'hidden', 'silenced', 'suspended'];

/** What to do about a report: chosen, said to whom, and asked once more. */
export function Decide({ report, onDecided }: { report: Report; onDecided: (report: Report) => void }) {
  const [outcome, setOutcome] = useState<ReportOutcome>('dismissed');
  const [hours, setHours] = useState<Hours>('24');
  const [hide, setHide] = useState(false);
  const [remark, setRemark] = useState('');
  const [answer, setAnswer] = useState('');
  const [asking, setAsking] = useState(false);
  const timed = outcome === 'silenced' || outcome === 'suspended';
  const canHide = report.seq !== null;
  const decide = async () => {
    const decided = await call('POST /v1/admin/reports/:report/decision', {
      params: { report: report.id },
      body: {
        outcome,
        ...(timed && { hours: Number(hours), hide: hide && canHide }),
        remark: remark.trim(),
        answer: answer.trim(),
      },
    });
    note(words.console.decided);
    onDecided(decided);
  };
  return (
    <>
      <h2>{words.console.decide}</h2>
      <fieldset className={styles.outcomes}>
        <legend className="visually-hidden">{words.console.decide}</legend>
        {OUTCOMES.filter(each => each !== 'hidden' || canHide).map(each => (
          <label key={each}>
            <input type="radio" name="outcome" checked={outcome === each} onChange={() => setOutcome(each)} />
            <span>
              {words.console.outcomes[each]}
              <small>{words.console.outcomeHints[each]}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {timed && (
        <>
          <Segmented
            label={words.console.forHow}
            value={hours}
            onChange={setHours}
            options={HOURS.map(value => ({ value, label: words.console.hours(Number(value)) }))}
          />
          {canHide && <Switch label={words.console.hide} checked={hide} onChange={setHide} />}
        </>
      )}
      <AreaField
        label={words.console.remark}
        value={remark}
        maxLength={REMARK_MAX}
        count={{ of: remark.length, max: REMARK_MAX }}
        onChange={event => setRemark(event.target.value)}
      />
      <Field
        label={words.console.answer}
        hint={words.console.answerHint}
        value={answer}
        maxLength={ANSWER_MAX}
        count={{ of: answer.length, max: ANSWER_MAX }}
        onChange={event => setAnswer(event.target.value)}
      />
      <Button tone={outcome === 'dismissed' ? 'ink' : 'danger'} size="l" wide onClick={() => setAsking(true)}>
        {words.console.action}
      </Button>
      {asking && (
        <Confirm
          title={words.console.ask[outcome]}
          text={timed ? words.console.askTimed(words.console.hours(Number(hours))) : words.console.askText}
          action={words.console.outcomes[outcome]}
          tone={outcome === 'dismissed' ? 'ink' : 'danger'}
          explain={wordsFor}
          onConfirm={decide}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
