import ImagePlus from 'lucide-react/icons/image-plus';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { words } from '../../words/index.ts';
import styles from './Conversation.module.css';

interface DropTargetProps {
  /** Null: nothing can be added now. */
  onFiles: ((files: File[]) => void) | null;
  children: ReactNode;
}

/** Takes files that are dragged over it, and shows where they would land. */
export function DropTarget({ onFiles, children }: DropTargetProps) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const hasFiles = (event: DragEvent) => onFiles !== null && event.dataTransfer.types.includes('Files');
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files have a button too.
    <div
      data-thread
      className={styles.panel}
      onDragEnter={event => {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      }}
      onDragLeave={event => {
        if (!hasFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) leave();
      }}
      onDragOver={event => hasFiles(event) && event.preventDefault()}
      onDrop={event => {
        leave();
        if (!hasFiles(event)) return;
        event.preventDefault();
        onFiles?.([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over && (
        <div className={styles.drop} aria-hidden="true">
          <ImagePlus />
          {words.conversation.attachDrop}
        </div>
      )}
    </div>
  );
}
