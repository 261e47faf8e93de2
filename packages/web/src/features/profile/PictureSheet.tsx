import { PICTURE_BYTES_MAX } from '@sotto/protocol/limits';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { type Crop, drag, inside, middle, squareOf, ZOOM_MAX } from '../../state/crop.ts';
import { wordsFor } from '../../state/errors.ts';
import { me } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './ProfileForm.module.css';

/** Pixels of the square that is sent: the server's largest size, twice over. */
const SENT = 768;
const SHOWN = 680;
/** Pixels and factors of a key press. */
const STEPS: Record<string, { x: number; y: number; zoom: number }> = {
  ArrowLeft: { x: 12, y: 0, zoom: 1 },
  ArrowRight: { x: -12, y: 0, zoom: 1 },
  ArrowUp: { x: 0, y: 12, zoom: 1 },
  ArrowDown: { x: 0, y: -12, zoom: 1 },
  '+': { x: 0, y: 0, zoom: 1.1 },
  '-': { x: 0, y: 0, zoom: 1 / 1.1 },
};

/** The picture as the browser reads it, turned upright. */
function usePicture(file: File) {
  const [picture, setPicture] = useState<ImageBitmap | 'unreadable' | 'tooLarge'>();
  useEffect(() => {
    let bitmap: ImageBitmap | undefined;
    let gone = false;
    if (file.size > PICTURE_BYTES_MAX) {
      setPicture('tooLarge');
      return;
    }
    createImageBitmap(file, { imageOrientation: 'from-image' }).then(
      read => {
        if (gone) return read.close();
        bitmap = read;
        setPicture(read);
      },
      () => !gone && setPicture('unreadable'),
    );
    return () => {
      gone = true;
      bitmap?.close();
    };
  }, [file]);
  return picture;
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, crop: Crop, size: number): void {
  canvas.width = size;
  canvas.height = size;
  const { x, y, side } = squareOf(crop, picture);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, x, y, side, side, 0, 0, size, size);
}

const toBlob = (canvas: HTMLCanvasElement) =>
  new Promise<Blob>((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.9),
  );

interface PictureSheetProps {
  file: File;
  onClose: () => void;
  /** What becomes of the square; without, it is one's own picture. */
  save?: (bytes: Uint8Array<ArrayBuffer>, type: string) => Promise<unknown>;
}

/** Choose the square of a picture, by finger, mouse or keys, and send it. */
export function PictureSheet({ file, onClose, save = me.changePicture }: PictureSheetProps) {
  const picture = usePicture(file);
  const [crop, setCrop] = useState(middle);
  const canvas = useRef<HTMLCanvasElement>(null);
  const from = useRef<{ x: number; y: number }>(undefined);
  const ready = picture instanceof ImageBitmap ? picture : null;
  const upload = useAction(async () => {
    if (!ready) return;
    const square = document.createElement('canvas');
    draw(square, ready, crop, SENT);
    const bytes = new Uint8Array(await (await toBlob(square)).arrayBuffer());
    await save(bytes, 'image/jpeg');
    onClose();
  });

  useEffect(() => {
    if (ready && canvas.current) draw(canvas.current, ready, crop, SHOWN);
  }, [ready, crop]);

  const move = (dx: number, dy: number) => {
    const window = canvas.current?.clientWidth;
    if (ready && window) setCrop(now => drag(now, ready, window, dx, dy));
  };
  const zoomTo = (zoom: number) => ready && setCrop(now => inside({ ...now, zoom }, ready));
  const onPointerMove = (event: PointerEvent) => {
    if (!from.current) return;
    move(event.clientX - from.current.x, event.clientY - from.current.y);
    from.current = { x: event.clientX, y: event.clientY };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    move(step.x, step.y);
    zoomTo(crop.zoom * step.zoom);
  };
  const problem =
    picture === 'unreadable'
      ? words.crop.unreadable
      : picture === 'tooLarge'
        ? words.crop.tooLarge
        : undefined;
  return (
    <Sheet
      title={words.crop.title}
      onClose={onClose}
      footer={
        ready && (
          <Button tone="voice" size="l" wide busy={upload.busy} onClick={upload.start}>
            {words.crop.use}
          </Button>
        )
      }
    >
      {problem ? (
        <p role="alert">{problem}</p>
      ) : (
        <>
          <div
            className={styles.crop}
            role="application"
            aria-label={words.crop.hint}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the picture.
            tabIndex={0}
            onPointerDown={event => {
              event.currentTarget.setPointerCapture(event.pointerId);
              from.current = { x: event.clientX, y: event.clientY };
            }}
            onPointerMove={onPointerMove}
            onPointerUp={() => {
              from.current = undefined;
            }}
            onPointerCancel={() => {
              from.current = undefined;
            }}
            onWheel={event => zoomTo(crop.zoom * (event.deltaY < 0 ? 1.06 : 1 / 1.06))}
            onKeyDown={onKeyDown}
          >
            <canvas ref={canvas} />
          </div>
          <p className={styles.hint}>{ready ? words.crop.hint : words.crop.reading}</p>
          <label className={styles.zoom}>
            {words.crop.zoom}
            <input
              type="range"
              min={1}
              max={ZOOM_MAX}
              step={0.01}
              value={crop.zoom}
              disabled={!ready}
              onChange={event => zoomTo(Number(event.target.value))}
            />
          </label>
          {upload.error !== undefined && (
            <p className={styles.problem} role="alert">
              {wordsFor(upload.error)}
            </p>
          )}
        </>
      )}
    </Sheet>
  );
}
