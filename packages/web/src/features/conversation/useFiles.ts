import { ATTACHMENTS_MAX } from '@sotto/protocol/limits';
import { type NewFile, newId } from '@sotto/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { judge, judgeMeasured } from '../../state/files.ts';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import { measure as measureFile } from './measure.ts';

/** A file that was chosen and is not sent yet. */
export interface ChosenFile {
  id: string;
  file: NewFile;
  name: string;
  /** Of the file itself, and of what to show of it. */
  url: string;
  poster: string | null;
  /** The browser is still looking at it. */
  measuring: boolean;
}

export interface ChosenFiles {
  files: readonly ChosenFile[];
  /** Takes what can be sent; of the others it says why not. */
  add(files: readonly File[]): void;
  /** Files that were prepared before: taken back from the outbox. */
  restore(files: readonly NewFile[]): void;
  remove(id: string): void;
  /** Hands them over, and is empty. */
  take(): NewFile[];
}

const refuse = (text: string) => note(text, { tone: 'danger' });

function free({ url, poster }: ChosenFile): void {
  URL.revokeObjectURL(url);
  if (poster) URL.revokeObjectURL(poster);
}

export function useFiles(): ChosenFiles {
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const latest = useRef(files);
  latest.current = files;
  const put = useCallback((next: readonly ChosenFile[]) => {
    latest.current = next;
    setFiles(next);
  }, []);
  useEffect(
    () => () => {
      for (const file of latest.current) free(file);
    },
    [],
  );

  const remove = useCallback(
    (id: string) => {
      const gone = latest.current.find(file => file.id === id);
      if (gone) free(gone);
      put(latest.current.filter(file => file.id !== id));
    },
    [put],
  );

  const measure = useCallback(
    async (chosen: ChosenFile) => {
      const { id, url, name } = chosen;
      const { kind, bytes } = chosen.file;
      try {
        const { poster, ...measured } = await measureFile(kind, blobOf(bytes), url);
        const problem = judgeMeasured(name, kind, measured);
        if (problem) {
          refuse(problem);
          return remove(id);
        }
        const facts = Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined));
        put(
          latest.current.map(each =>
            each.id === id
              ? {
                  ...each,
                  measuring: false,
                  file: { ...each.file, ...facts, ...(poster ? { poster } : {}) },
                  poster: poster ? URL.createObjectURL(poster) : null,
                }
              : each,
          ),
        );
      } catch {
        // What this browser cannot open, the server may: it decides.
        put(latest.current.map(each => (each.id === id ? { ...each, measuring: false } : each)));
      }
    },
    [put, remove],
  );

  const add = useCallback(
    (all: readonly File[]) => {
      const room = ATTACHMENTS_MAX - latest.current.length;
      const good: ChosenFile[] = [];
      for (const file of all) {
        const verdict = judge(file);
        if ('problem' in verdict) refuse(verdict.problem);
        else if (good.length < room)
          good.push({
            id: newId(),
            name: file.name,
            file: { kind: verdict.kind, bytes: file, name: file.name },
            url: URL.createObjectURL(file),
            poster: null,
            measuring: true,
          });
        else {
          refuse(words.conversation.tooMany(ATTACHMENTS_MAX));
          break;
        }
      }
      put([...latest.current, ...good]);
      for (const chosen of good) void measure(chosen);
    },
    [put, measure],
  );

  const restore = useCallback(
    (back: readonly NewFile[]) =>
      put([
        ...latest.current,
        ...back.map(file => ({
          id: newId(),
          name: file.name ?? '',
          file,
          url: URL.createObjectURL(blobOf(file.bytes)),
          poster: file.poster ? URL.createObjectURL(blobOf(file.poster)) : null,
          measuring: false,
        })),
      ]),
    [put],
  );

  const take = useCallback(() => {
    const taken = latest.current;
    for (const file of taken) free(file);
    put([]);
    return taken.map(({ file }) => file);
  }, [put]);

  return { files, add, restore, remove, take };
}

const blobOf = (bytes: NewFile['bytes']): Blob => (bytes instanceof Blob ? bytes : new Blob([bytes]));
