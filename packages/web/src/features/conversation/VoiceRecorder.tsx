import type { Attachment } from '@sotto/protocol';
import { VOICE_SECONDS_MAX } from '@sotto/protocol/limits';
import type { NewFile } from '@sotto/sdk';
import ArrowUp from 'lucide-react/icons/arrow-up';
import Square from 'lucide-react/icons/square';
import Trash from 'lucide-react/icons/trash-2';
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react';
import { RoundButton } from '../../ui/Button.tsx';
import { note } from '../../ui/notes.ts';
import { duration } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import { canRecord, type Recorded, type Recording, startRecording } from './recording.ts';
import { VoiceNote } from './VoiceNote.tsx';
import styles from './VoiceRecorder.module.css';

interface VoiceRecorderProps {
  /** When the finger went down, ms: letting go after a hold stops the recording. */
  pressedAt: number;
  deviceId: string | null;
  onSend: (file: NewFile) => void;
  onClose: () => void;
}

/** Milliseconds of a press that was a hold. */
const HOLD = 600;

type Step = { name: 'asking' } | { name: 'recording' } | { name: 'done'; recorded: Recorded; full: boolean };

/** Records a voice note in the composer's place: the level while it runs, a listen before it goes. */
export function VoiceRecorder({ pressedAt, deviceId, onSend, onClose }: VoiceRecorderProps) {
  const [step, setStep] = useState<Step>({ name: 'asking' });
  const recording = useRef<Recording>(null);
  const close = useRef(onClose);
  close.current = onClose;

  const finish = async () => {
    const now = recording.current;
    if (!now) return;
    recording.current = null;
    const full = now.seconds() >= VOICE_SECONDS_MAX - 1;
    setStep({ name: 'done', recorded: await now.stop(), full });
  };
  const stop = useRef(finish);
  stop.current = finish;

  useEffect(() => {
    let over = false;
    if (!canRecord()) {
      note(words.conversation.recordUnsupported, { tone: 'danger' });
      close.current();
      return;
    }
    startRecording(deviceId).then(
      started => {
        if (over) return started.cancel();
        recording.current = started;
        setStep({ name: 'recording' });
        void started.ended.then(() => stop.current());
      },
      () => {
        if (over) return;
        note(words.conversation.recordFailed, { tone: 'danger' });
        close.current();
      },
    );
    const letGo = () => Date.now() - pressedAt > HOLD && void stop.current();
    window.addEventListener('pointerup', letGo, { once: true });
    return () => {
      over = true;
      window.removeEventListener('pointerup', letGo);
      recording.current?.cancel();
      recording.current = null;
    };
  }, [deviceId, pressedAt]);

  const send = () => {
    if (step.name !== 'done') return;
    const { bytes, seconds, waveform } = step.recorded;
    onSend({ kind: 'voice', bytes, seconds, waveform });
    onClose();
  };
  return (
    <div className={styles.recorder}>
      <RoundButton tone="danger" label={words.conversation.recordCancel} icon={<Trash />} onClick={onClose} />
      {step.name === 'asking' && <span className={styles.text}>{words.conversation.recordAsking}</span>}
      {step.name === 'recording' && <Live recording={recording} />}
      {step.name === 'done' && (
        <span className={styles.preview}>
          <Preview recorded={step.recorded} />
          {step.full && <small>{words.conversation.recordEnded(VOICE_SECONDS_MAX / 60)}</small>}
        </span>
      )}
      {step.name === 'done' ? (
        <RoundButton
          tone="whisper"
          label={words.conversation.recordSend}
          icon={<ArrowUp />}
          ref={button => button?.focus()}
          onClick={send}
        />
      ) : (
        <RoundButton
          tone="whisper"
          label={words.conversation.recordStop}
          icon={<Square fill="currentColor" />}
          disabled={step.name === 'asking'}
          onClick={() => void finish()}
        />
      )}
    </div>
  );
}

/** The last levels as bars, and how long it runs. Drawn past React, many times a second. */
function Live({ recording }: { recording: { readonly current: Recording | null } }) {
  const bars = useRef<HTMLSpanElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    let at = 0;
    const draw = (now: number) => {
      frame = requestAnimationFrame(draw);
      const running = recording.current;
      if (!running || now - at < 80) return;
      at = now;
      const first = bars.current?.firstElementChild;
      if (first instanceof HTMLElement) {
        first.style.setProperty('--level', running.level().toFixed(2));
        bars.current?.append(first);
      }
      if (clock.current) clock.current.textContent = duration(Math.floor(running.seconds()));
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [recording]);
  return (
    <>
      <span className={styles.clock}>
        <i aria-hidden="true" />
        <span className="visually-hidden" role="status">
          {words.conversation.recording}
        </span>
        <span ref={clock} role="timer">
          {duration(0)}
        </span>
      </span>
      <span ref={bars} className={styles.bars} aria-hidden="true">
        {Array.from({ length: 28 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike.
          <i key={index} style={{ '--level': 0 } as CSSProperties} />
        ))}
      </span>
    </>
  );
}

function Preview({ recorded }: { recorded: Recorded }) {
  const { bytes, seconds, waveform } = recorded;
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(bytes);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  const attachment = useMemo(
    (): Attachment => ({
      id: `preview-${url}`,
      kind: 'voice',
      type: bytes.type,
      bytes: bytes.size,
      width: null,
      height: null,
      seconds,
      moving: false,
      blur: null,
      waveform,
      links: {
        expiresAt: '9999-12-31T00:00:00.000Z',
        original: url,
        large: null,
        medium: null,
        small: null,
        poster: null,
      },
    }),
    [url, bytes, seconds, waveform],
  );
  return <VoiceNote attachment={attachment} />;
}
