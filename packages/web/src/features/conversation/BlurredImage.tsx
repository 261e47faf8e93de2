import { useState } from 'react';
import { cx } from '../../ui/cx.ts';
import styles from './BlurredImage.module.css';

interface BlurredImageProps {
  src: string | null;
  srcSet?: string | undefined;
  sizes?: string | undefined;
  /** A tiny WebP in base64, shown blurred until the picture is there. */
  blur: string | null;
  alt?: string;
  /** The whole picture, rather than filling the box. */
  contain?: boolean;
  onError?: () => void;
}

/** Fills its box, whose size is the caller's: the blurred one at once, the picture over it when it has come. */
export function BlurredImage({ src, srcSet, sizes, blur, alt = '', contain, onError }: BlurredImageProps) {
  const [shown, setShown] = useState(false);
  return (
    <>
      {blur && !shown && (
        <img className={styles.blur} src={`data:image/webp;base64,${blur}`} alt="" decoding="async" />
      )}
      {src && (
        <img
          className={cx(styles.image, contain && styles.contain)}
          data-shown={shown || undefined}
          src={src}
          srcSet={srcSet}
          sizes={sizes}
          alt={alt}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={({ currentTarget }) => {
            // Until it can be drawn the blurred one stays: a large picture takes its time.
            const show = () => setShown(true);
            currentTarget.decode().then(show, show);
          }}
          onError={onError}
        />
      )}
    </>
  );
}
