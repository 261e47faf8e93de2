import type { PushChoices, QuietHours } from '@sotto/protocol';
import { useEffect, useId, useRef } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { pushState, switchOffPush, switchOnPush, watchPush } from '../../state/push.ts';
import { call } from '../../state/sotto.ts';
import { Switch } from '../../ui/Choice.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './Settings.module.css';

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
      <Choices />
    </>
  );
}

function Choices() {
  /** As the server has them. */
  const kept = useRef<PushChoices>(undefined);
  const loaded = useLoad('push', async signal => {
    kept.current = await call('GET /v1/me/push/choices', { signal });
    return kept.current;
  });
  // One after the other, so that the last one said is the last one kept.
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const waiting = useRef(0);
  if (loaded.state === 'loading') return <Skeleton kind="row" rows={2} />;
  if (loaded.state === 'failed')
    return <Failed text={`${own.error} ${wordsFor(loaded.error)}`} onRetry={loaded.reload} />;
  const choices = loaded.value;
  const change = (body: Partial<PushChoices>) => {
    loaded.change(before => ({ ...before, ...body }));
    waiting.current += 1;
    const sent = queue.current.then(async () => {
      kept.current = await call('PATCH /v1/me/push/choices', { body });
    });
    queue.current = sent
      .catch(() => undefined)
      .then(() => {
        waiting.current -= 1;
        if (waiting.current === 0) loaded.change(now => kept.current ?? now);
      });
    attempt(sent);
  };
  return (
    <>
      <Switch label={own.direct} checked={choices.direct} onChange={direct => change({ direct })} />
      <Switch label={own.groups} checked={choices.groups} onChange={groups => change({ groups })} />
      <Switch
        label={own.mentions}
        hint={own.mentionsHint}
        checked={choices.mentions}
        onChange={mentions => change({ mentions })}
      />
      <Switch
        label={own.hideText}
        hint={own.hideTextHint}
        checked={choices.hideText}
        onChange={hideText => change({ hideText })}
      />
      <Quiet quiet={choices.quiet} onChange={quiet => change({ quiet })} />
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
