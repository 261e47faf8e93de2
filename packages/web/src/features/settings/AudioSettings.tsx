import type { AudioDevice } from '@sotto/sdk';
import { useEffect, useId, useRef, useState } from 'react';
import { microphoneProblem } from '../../state/microphone.ts';
import { audio } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Switch } from '../../ui/Choice.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './Settings.module.css';

interface Devices {
  inputs: readonly AudioDevice[];
  outputs: readonly AudioDevice[];
}

/** The devices there are, kept up to date as they are plugged in and named once the microphone is allowed. */
function useDevices(turn: unknown): Devices {
  const [devices, setDevices] = useState<Devices>({ inputs: [], outputs: [] });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says that names may have become known.
  useEffect(() => {
    let gone = false;
    const read = () => {
      audio.devices().then(
        found => !gone && setDevices(found),
        () => {}, // Without a list, the system's choice is the only one.
      );
    };
    read();
    navigator.mediaDevices?.addEventListener('devicechange', read);
    return () => {
      gone = true;
      navigator.mediaDevices?.removeEventListener('devicechange', read);
    };
  }, [turn]);
  return devices;
}

export function AudioSettings() {
  const view = useReadable(audio);
  const [checking, setChecking] = useState(false);
  const { inputs, outputs } = useDevices(view.microphone.state);
  const named = inputs.some(device => device.label);
  return (
    <>
      <DeviceChoice
        label={words.settings.microphone}
        devices={inputs}
        value={view.input}
        onChange={id => attempt(audio.setInput(id))}
      />
      {'setSinkId' in HTMLMediaElement.prototype && outputs.length > 0 && (
        <DeviceChoice
          label={words.settings.speaker}
          devices={outputs}
          value={view.output}
          onChange={id => attempt(audio.setOutput(id))}
        />
      )}
      {!named && <p className={styles.muted}>{words.settings.micNoDevices}</p>}
      <Switch
        label={words.settings.noise}
        hint={words.settings.noiseHint}
        checked={view.noiseSuppression}
        onChange={on => attempt(audio.setNoiseSuppression(on))}
      />
      {checking ? (
        <MicCheck onStop={() => setChecking(false)} />
      ) : (
        <Button onClick={() => setChecking(true)}>{words.settings.micCheck}</Button>
      )}
    </>
  );
}

interface DeviceChoiceProps {
  label: string;
  devices: readonly AudioDevice[];
  value: string | null;
  onChange: (id: string | null) => void;
}

function DeviceChoice({ label, devices, value, onChange }: DeviceChoiceProps) {
  const id = useId();
  const known = devices.filter(device => device.id && device.id !== 'default');
  return (
    <div className={styles.choice}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value ?? ''} onChange={event => onChange(event.target.value || null)}>
        <option value="">{words.settings.defaultDevice}</option>
        {known.map((device, index) => (
          <option key={device.id} value={device.id}>
            {device.label || `${label} ${index + 1}`}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The microphone's level, for oneself alone. */
function MicCheck({ onStop }: { onStop: () => void }) {
  const { microphone } = useReadable(audio);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let end = () => {};
    let gone = false;
    audio.check().then(
      stop => {
        if (gone) stop();
        else end = stop;
      },
      () => {}, // The microphone's state says why not.
    );
    return () => {
      gone = true;
      end();
    };
  }, []);
  useEffect(() => {
    const show = () => {
      const level = audio.level.getSnapshot();
      bar.current?.style.setProperty('--level', level.toFixed(3));
      bar.current?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    };
    show();
    return audio.level.subscribe(show);
  }, []);
  const problem = microphoneProblem(microphone, isSecureContext)?.text;
  return (
    <div className={styles.check}>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn as the rest is, nor filled without a render. */}
      <div
        ref={bar}
        className={styles.meter}
        role="meter"
        aria-label={words.settings.micLevel}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={0}
      />
      {problem ? <p role="alert">{problem}</p> : <p>{words.settings.micCheckHint}</p>}
      <Button onClick={onStop}>{words.settings.micCheckStop}</Button>
    </div>
  );
}
