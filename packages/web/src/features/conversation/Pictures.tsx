import type { Attachment } from '@sotto/protocol';
import ImageOff from 'lucide-react/icons/image-off';
import Play from 'lucide-react/icons/play';
import { type CSSProperties, useState } from 'react';
import { boxOf, spansOf, widthWithin } from '../../state/layout.ts';
import { useMedia } from '../../ui/useMedia.ts';
import { duration } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import { BlurredImage } from './BlurredImage.tsx';
import styles from './Pictures.module.css';
import { usePlace } from './thread-context.ts';
import { useLinks } from './useLinks.ts';

interface PicturesProps {
  /** Images and videos, at most 10. */
  pictures: readonly Attachment[];
  /** Not sent yet: how far it is, 0 to 1. */
  progressOf?: ((attachment: Attachment) => number | null) | undefined;
}

/** Pictures and videos of a message: one in its own shape, more as a grid. Each has its place before it has come. */
export function Pictures({ pictures, progressOf }: PicturesProps) {
  const { actions } = usePlace();
  const [only] = pictures;
  const single = pictures.length === 1 && only ? boxOf(only.width, only.height) : null;
  const spans = spansOf(pictures.length);
  return (
    <div className={styles.pictures} style={{ inlineSize: single ? `${single.width}px` : undefined }}>
      {pictures.map((attachment, index) => {
        const span = spans[index] ?? 2;
        const style = {
          '--span': span,
          '--ratio': single ? single.ratio : span === 6 ? 1.9 : 1,
        } as CSSProperties;
        const label = words.conversation.viewerOpen(
          attachment.kind === 'video' ? words.conversation.video : words.conversation.image,
          index + 1,
          pictures.length,
        );
        const progress = progressOf?.(attachment) ?? null;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: they keep their places, and on arriving only their ids change.
          <div key={index} className={styles.cell} style={style}>
            {attachment.kind === 'video' && single ? (
              <Film attachment={attachment} label={label} />
            ) : (
              <button
                type="button"
                className={styles.open}
                aria-label={label}
                onClick={() => actions.view(pictures, index)}
              >
                <Still attachment={attachment} narrow={!single} />
                {attachment.kind === 'video' && <VideoMarks seconds={attachment.seconds} />}
              </button>
            )}
            {progress !== null && <Progress part={progress} />}
          </div>
        );
      })}
    </div>
  );
}

/** An image, or a video's poster. One that moves stands still where the system asks for less motion. */
function Still({ attachment, narrow }: { attachment: Attachment; narrow: boolean }) {
  const { links, failed } = useLinks(attachment);
  const [missing, setMissing] = useState(false);
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const { kind, width, height, moving, blur } = attachment;
  const [w, h] = [width ?? 4, height ?? 3];
  const sizes =
    links?.small && links.medium && !moving
      ? {
          srcSet: `${links.small} ${widthWithin(w, h, 320)}w, ${links.medium} ${widthWithin(w, h, 1280)}w`,
          sizes: narrow ? '160px' : '320px',
        }
      : {};
  // Whose sender's program made no poster: the browser draws the first frame, if it can.
  if (kind === 'video' && links && !links.poster && links.original)
    return (
      <video
        className={styles.frame}
        src={`${links.original}#t=0.1`}
        preload="metadata"
        muted
        playsInline
        aria-hidden="true"
        tabIndex={-1}
      />
    );
  const src = kind === 'video' ? links?.poster : moving && still ? links?.small : links?.medium;
  return (
    <>
      <BlurredImage
        src={src ?? null}
        {...sizes}
        blur={blur}
        onError={() => {
          setMissing(true);
          failed();
        }}
      />
      {missing && !blur && <ImageOff className={styles.missing} aria-hidden="true" />}
    </>
  );
}

/** A video in its place: the poster until it is pressed, then the browser's own player. */
function Film({ attachment, label }: { attachment: Attachment; label: string }) {
  const { links, failed } = useLinks(attachment);
  const [playing, setPlaying] = useState(false);
  if (playing && links?.original)
    return (
      // biome-ignore lint/a11y/useMediaCaption: people send videos without captions.
      <video
        className={styles.film}
        src={links.original}
        poster={links.poster ?? undefined}
        controls
        autoPlay
        playsInline
        onError={failed}
      />
    );
  return (
    <button
      type="button"
      className={styles.open}
      aria-label={`${words.conversation.play}: ${label}`}
      onClick={() => setPlaying(true)}
    >
      <Still attachment={attachment} narrow={false} />
      <VideoMarks seconds={attachment.seconds} />
    </button>
  );
}

function VideoMarks({ seconds }: { seconds: number | null }) {
  return (
    <>
      <span className={styles.play}>
        <Play aria-hidden="true" fill="currentColor" />
      </span>
      {seconds !== null && <span className={styles.length}>{duration(seconds)}</span>}
    </>
  );
}

export function Progress({ part }: { part: number }) {
  const style = { '--part': part } as CSSProperties;
  return (
    <span
      className={styles.progress}
      style={style}
      role="progressbar"
      aria-label={words.conversation.uploading(words.percent(part))}
      aria-valuenow={Math.round(part * 100)}
    />
  );
}
