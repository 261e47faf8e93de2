import type { Attachment, AttachmentLinks } from '@sotto/protocol';
import { useCallback, useEffect, useRef } from 'react';
import { freshLinks, linksOf, renewLinks } from '../../state/links.ts';
import { useReadable } from '../../ui/useReadable.ts';

/** The links of an attachment, renewed when they have ended; `failed` is for a link that no longer worked: once. */
export function useLinks(attachment: Attachment): { links: AttachmentLinks | null; failed: () => void } {
  const links = linksOf(attachment, useReadable(freshLinks));
  const tried = useRef(false);
  const latest = useRef(attachment);
  latest.current = attachment;
  const missing = links === null;
  useEffect(() => {
    if (missing) void renewLinks(latest.current);
  }, [missing]);
  const failed = useCallback(() => {
    if (tried.current) return;
    tried.current = true;
    void renewLinks(latest.current);
  }, []);
  return { links, failed };
}
