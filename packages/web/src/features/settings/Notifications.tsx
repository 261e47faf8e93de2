import type { PushChoices, QuietHours } from '@sotto/protocol';
import { useEffect, useId } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { pushState, switchOffPush, switchOnPush, watchPush } from '../../state/push.ts';
import { pushChoices } from '../../state/requests.ts';
import { Switch } from '../../ui/Choice.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './Settings.module.css';
import { WithChoices } from './WithChoices.tsx';

const own = words.notifications;
/** Why they cannot be switched on here. */
const obstacles = {
  insecure: own.insecure,
  unsupported: own.unsupported,
  install: own.install,
  denied: own.denied,
} as const;

/** Notifications of messages: on this device, and what of for all of them (BC-31). */
export function Notifications() {
  const state = useReadable(pushState);
  const turn = useAction((on: boolean) => (on ? switchOnPush() : switchOffPush()));
  useEffect(watchPush, []);
  const obstacle = state in obstacles ? obstacles[state as keyof typeof obstacles] : undefined;
  return (
    <>
      <p className={styles.muted}>{own.intro}</p>
      {obstacle ? (
        <p className={styles.muted}>{obstacle}</p>
      ) : (
        <Switch
          label={own.switch}
          checked={state === 'on'}
          disabled={state === 'unknown' || turn.busy}
          onChange={turn.start}
        />
      )}
      {(turn.error !== undefined || state === 'failed') && (
        <p className={styles.muted} role="alert">
          {turn.error === undefined ? own.failed : wordsFor(turn.error)}
        </p>
      )}
      <WithChoices choices={pushChoices()} failed={own.error}>
        {now => <Chosen now={now} />}
      </WithChoices>
    </>
  );
}

function Chosen({ now }: { now: PushChoices }) {
  const change = (changes: Partial<PushChoices>) => attempt(pushChoices().change(changes));
  return (
    <>
      <Switch label={own.direct} checked={now.direct} onChange={direct => change({ direct })} />
      <Switch label={own.groups} checked={now.groups} onChange={groups => change({ groups })} />
      <Switch
        label={own.mentions}
        hint={own.mentionsHint}
        checked={now.mentions}
        onChange={mentions => change({ mentions })}
      />
      <Switch
        label={own.hideText}
        hint={own.hideTextHint}
        checked={now.hideText}
        onChange={hideText => change({ hideText })}
      />
      <Quiet quiet={now.quiet} onChange={quiet => change({ quiet })} />
    </>
  );
}

function Quiet({
  quiet,
  onChange,
}: {
  quiet: QuietHours | null;
  onChange: (quiet: QuietHours | null) => void;
}) {
  const id = useId();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (
    <>
      <Switch
        label={own.quiet}
        hint={own.quietHint}
        checked={quiet !== null}
        onChange={on => onChange(on ? { from: '22:00', to: '07:00', timeZone } : null)}
      />
      {quiet && (
        <div className={styles.times}>
          {(['from', 'to'] as const).map(side => (
            <label key={side} htmlFor={`${id}-${side}`}>
              {own[side]}
              <input
                id={`${id}-${side}`}
                type="time"
                required
                value={quiet[side]}
                onChange={event => {
                  // While it is being written, a browser gives an empty one.
                  if (event.target.value) onChange({ ...quiet, timeZone, [side]: event.target.value });
                }}
              />
            </label>
          ))}
          <p className={styles.muted}>{own.zone(quiet.timeZone.replaceAll('_', ' '))}</p>
        </div>
      )}
    </>
  );
}
