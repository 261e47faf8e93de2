import type { Attachment } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { useEffect, useState } from 'react';
import { fileId, shownFile } from '../../state/pending-files.ts';
import { outbox } from '../../state/sotto.ts';

/** The files of a message on its way, as attachments whose links point into this device. */
export function usePendingFiles(message: PendingMessage | null): readonly Attachment[] {
  const [urls, setUrls] = useState<readonly (string | null)[]>([]);
  const clientId = message?.clientId;
  const count = message?.files.length ?? 0;
  useEffect(() => {
    if (!clientId || count === 0) return;
    let made: (string | null)[] = [];
    let over = false;
    const read = async (index: number) => {
      try {
        const bytes = await outbox().file(clientId, index);
        return bytes && URL.createObjectURL(bytes);
      } catch {
        return null;
      }
    };
    void Promise.all(Array.from({ length: count }, (_, index) => read(index))).then(all => {
      made = all;
      if (over) revoke(all);
      else setUrls(all);
    });
    return () => {
      over = true;
      revoke(made);
    };
  }, [clientId, count]);
  return message
    ? message.files.map((file, index) => shownFile(file, fileId(message, index), urls[index] ?? null))
    : [];
}

function revoke(urls: readonly (string | null)[]): void {
  for (const url of urls) if (url) URL.revokeObjectURL(url);
}
