import type { Attachment } from '@sotto/protocol';
import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import Download from 'lucide-react/icons/download';
import X from 'lucide-react/icons/x';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { RoundButton } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { BlurredImage } from './BlurredImage.tsx';
import { useLinks } from './useLinks.ts';
import { useZoom } from './useZoom.ts';
import styles from './Viewer.module.css';

interface ViewerProps {
  attachments: readonly Attachment[];
  start: number;
  onClose: () => void;
}

/**
 * Pictures and videos over the whole screen, in the platform's `<dialog>`: focus is kept inside and goes back where it was.
 * Arrows and swipes change the picture; wheel, pinch and double tap zoom; Escape and a swipe down close.
 */
export function Viewer({ attachments, start, onClose }: ViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [index, setIndex] = useState(start);
  const current = attachments[index];
  const step = (by: number) => setIndex(now => Math.min(attachments.length - 1, Math.max(0, now + by)));
  const close = () => dialog.current?.close();
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  const rtl = () => dialog.current !== null && getComputedStyle(dialog.current).direction === 'rtl';
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.target as Element).matches('video')) return;
    const by = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1, Home: -99, End: 99 }[event.key];
    if (by !== undefined) step(by);
  };
  if (!current) return null;
  const kind = current.kind === 'video' ? words.conversation.video : words.conversation.image;
  const label = words.conversation.viewerOpen(kind, index + 1, attachments.length);
  return (
    <dialog
      ref={dialog}
      className={styles.viewer}
      aria-label={words.conversation.viewer}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <header className={styles.bar}>
        <RoundButton tone="bare" label={words.close} icon={<X />} onClick={close} />
        <span role="status">{attachments.length > 1 ? `${index + 1} / ${attachments.length}` : ''}</span>
        <Save attachment={current} />
      </header>
      <Slide
        key={current.id}
        attachment={current}
        label={label}
        onStep={by => step(rtl() ? -by : by)}
        onClose={close}
      />
      {attachments.length > 1 && (
        <>
          <RoundButton
            className={styles.previous}
            label={words.conversation.viewerPrevious}
            icon={<ChevronLeft />}
            disabled={index === 0}
            onClick={() => step(-1)}
          />
          <RoundButton
            className={styles.next}
            label={words.conversation.viewerNext}
            icon={<ChevronRight />}
            disabled={index === attachments.length - 1}
            onClick={() => step(1)}
          />
        </>
      )}
    </dialog>
  );
}

function Save({ attachment }: { attachment: Attachment }) {
  const { links } = useLinks(attachment);
  const href = links?.original ?? links?.large;
  if (!href) return <span className={styles.gap} />;
  const end = attachment.kind === 'video' ? attachment.type.split('/')[1] || 'mp4' : 'webp';
  return (
    <a
      className={styles.save}
      href={href}
      download={`sotto-${attachment.id.slice(-8)}.${end}`}
      aria-label={words.conversation.viewerSave}
      title={words.conversation.viewerSave}
    >
      <Download />
    </a>
  );
}

interface SlideProps {
  attachment: Attachment;
  label: string;
  onStep: (by: number) => void;
  onClose: () => void;
}

function Slide({ attachment, label, onStep, onClose }: SlideProps) {
  const { links, failed } = useLinks(attachment);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const frame = useRef<HTMLDivElement>(null);
  const width = attachment.width ?? 4;
  const height = attachment.height ?? 3;
  // Without a signal the one the thread showed is still on the device.
  const src =
    [links?.large, links?.medium, links?.small].find(each => each && !missing.includes(each)) ?? null;
  const zoom = useZoom(frame, { width, height }, { onStep, onClose, still: attachment.kind === 'video' });
  return (
    <div ref={frame} className={styles.frame} {...zoom}>
      <div className={styles.picture} data-picture>
        {attachment.kind === 'video' ? (
          links?.original && (
            // biome-ignore lint/a11y/useMediaCaption: people send videos without captions.
            <video
              className={styles.video}
              src={links.original}
              poster={links.poster ?? undefined}
              controls
              autoPlay
              playsInline
              aria-label={label}
              onError={failed}
            />
          )
        ) : (
          <>
            <BlurredImage
              key={src}
              src={src}
              blur={attachment.blur}
              alt={label}
              contain
              onError={() => {
                failed();
                if (src) setMissing([...missing, src]);
              }}
            />
            {links && !src && (
              <p className={styles.failed} role="alert">
                {words.conversation.viewerFailed}
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
}
