import type { Attachment } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { useEffect, useState } from 'react';
import { type FileUrls, fileId, shownFile } from '../../state/pending-files.ts';
import { outbox } from '../../state/sotto.ts';

const none: FileUrls = { file: null, poster: null };

/** The files of a message on its way, as attachments whose links point into this device. */
export function usePendingFiles(message: PendingMessage | null): readonly Attachment[] {
  const [urls, setUrls] = useState<readonly FileUrls[]>([]);
  const clientId = message?.clientId;
  const count = message?.files.length ?? 0;
  useEffect(() => {
    if (!clientId || count === 0) return;
    let made: readonly FileUrls[] = [];
    let over = false;
    const read = async (index: number, part?: 'poster') => {
      try {
        const bytes = await outbox().file(clientId, index, part);
        return bytes && URL.createObjectURL(bytes);
      } catch {
        return null;
      }
    };
    const readBoth = async (_: unknown, index: number): Promise<FileUrls> => {
      const [file, poster] = await Promise.all([read(index), read(index, 'poster')]);
      return { file, poster };
    };
    void Promise.all(Array.from({ length: count }, readBoth)).then(all => {
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
    ? message.files.map((file, index) => shownFile(file, fileId(message, index), urls[index] ?? none))
    : [];
}

function revoke(urls: readonly FileUrls[]): void {
  for (const url of urls.flatMap(({ file, poster }) => [file, poster])) if (url) URL.revokeObjectURL(url);
}
