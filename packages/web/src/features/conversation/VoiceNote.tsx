import type { Attachment } from '@sotto/protocol';
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import type { CSSProperties } from 'react';
import { freshLinks, linksOf, renewLinks } from '../../state/links.ts';
import { player } from '../../state/player.ts';
import { STEP, waveformPath } from '../../state/waveform.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { duration } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import styles from './VoiceNote.module.css';

/** Drawn where a note came without a waveform. */
const FLAT = Array.from({ length: 48 }, () => 4);

async function sourceOf(attachment: Attachment): Promise<string | null> {
  const good = () => linksOf(attachment, freshLinks.getSnapshot());
  if (!good()) await renewLinks(attachment);
  return good()?.original ?? null;
}

/** A voice note: play, its waveform to be sought in, its length, its speed. */
export function VoiceNote({ attachment, local }: { attachment: Attachment; local?: boolean }) {
  const state = useReadable(player);
  const rate = useReadable(player.rate);
  const { id, waveform } = attachment;
  const seconds = attachment.seconds ?? 0;
  const here = state.id === id;
  const playing = here && state.playing;
  const position = here ? Math.min(state.position, seconds) : 0;
  const shape = waveform && waveform.length > 0 ? waveform : FLAT;
  const path = waveformPath(shape);
  const box = `0 0 ${shape.length * STEP} 32`;
  const part = { '--part': seconds > 0 ? position / seconds : 0 } as CSSProperties;
  return (
    <div className={styles.note} style={part}>
      <button
        type="button"
        className={styles.play}
        aria-label={playing ? words.conversation.pause : words.conversation.play}
        onClick={() => player.toggle(id, () => sourceOf(attachment))}
      >
        {playing ? <Pause fill="currentColor" /> : <Play fill="currentColor" />}
      </button>
      <span className={styles.wave}>
        <svg viewBox={box} preserveAspectRatio="none" aria-hidden="true">
          <path d={path} />
        </svg>
        <svg viewBox={box} preserveAspectRatio="none" aria-hidden="true" className={styles.done}>
          <path d={path} />
        </svg>
        <input
          type="range"
          min={0}
          max={seconds}
          step={0.1}
          value={position}
          aria-label={words.conversation.position}
          aria-valuetext={duration(position)}
          disabled={local}
          onChange={event => player.seek(id, Number(event.target.value))}
        />
      </span>
      <span className={styles.aside}>
        <span>{duration(position > 0 ? position : seconds)}</span>
        {here ? (
          <button
            type="button"
            aria-label={words.conversation.speed(`${rate}×`)}
            onClick={() => player.nextRate()}
          >
            {rate}×
          </button>
        ) : null}
      </span>
      {here && state.failed && (
        <span className={styles.failed} role="alert">
          {words.conversation.playFailed}
        </span>
      )}
    </div>
  );
}
