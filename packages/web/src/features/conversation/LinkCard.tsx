import type { LinkPreview } from '@sotto/protocol';
import { BlurredImage } from './BlurredImage.tsx';
import styles from './LinkCard.module.css';

/** What stands behind a link, as its site says it; the picture comes from our own server. */
export function LinkCard({ preview }: { preview: LinkPreview }) {
  const { url, title, description, site, image } = preview;
  return (
    <a className={styles.card} href={url} target="_blank" rel="noopener noreferrer nofollow ugc">
      {image && (
        <span className={styles.image}>
          <BlurredImage src={image.path} blur={image.blur} />
        </span>
      )}
      <span className={styles.text}>
        <b dir="auto">{title}</b>
        {description && <span dir="auto">{description}</span>}
        <small dir="ltr">{site}</small>
      </span>
    </a>
  );
}
