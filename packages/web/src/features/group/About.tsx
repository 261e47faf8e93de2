import type { ConversationOf } from '@sotto/protocol';
import { GROUP_TITLE_MAX } from '@sotto/protocol/limits';
import Camera from 'lucide-react/icons/camera';
import ImageOff from 'lucide-react/icons/image-off';
import PenLine from 'lucide-react/icons/pen-line';
import { useRef, useState } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { wordsFor } from '../../state/errors.ts';
import { groups } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Field } from '../../ui/Field.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import { ConversationFace } from '../conversation/ConversationFace.tsx';
import { PictureSheet } from '../profile/PictureSheet.tsx';
import { attempt } from '../room/useRoomActions.ts';
import styles from './GroupInfo.module.css';

/** The group's face and name; who runs it changes them. */
export function About({ group }: { group: ConversationOf<'group'> }) {
  const [renaming, setRenaming] = useState(false);
  const [file, setFile] = useState<File>();
  const input = useRef<HTMLInputElement>(null);
  const { id, picture, title, you, count } = group;
  const name = conversationTitle(group);
  return (
    <header className={styles.about}>
      {picture ? (
        <Face id={id} name={name} picture={picture.large} size={112} />
      ) : (
        <ConversationFace conversation={group} size={112} />
      )}
      <h2 dir="auto" className={styles.name}>
        {name}
      </h2>
      <p className={styles.quiet}>{words.group.people(count)}</p>
      {you !== 'member' && (
        <div className={styles.change}>
          <Button size="s" icon={<PenLine />} onClick={() => setRenaming(true)}>
            {words.group.rename}
          </Button>
          <Button size="s" icon={<Camera />} onClick={() => input.current?.click()}>
            {words.group.changePicture}
          </Button>
          {picture && (
            <Menu
              small
              label={words.group.options(name)}
              icon={<ImageOff />}
              items={[
                {
                  label: words.group.removePicture,
                  icon: <ImageOff />,
                  danger: true,
                  onSelect: () => attempt(groups().removePicture(id)),
                },
              ]}
            />
          )}
          <input
            ref={input}
            type="file"
            accept="image/*"
            hidden
            onChange={event => {
              setFile(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </div>
      )}
      {renaming && <Rename id={id} title={title} onClose={() => setRenaming(false)} />}
      {file && (
        <PictureSheet
          file={file}
          save={(bytes, type) => groups().changePicture(id, bytes, type)}
          onClose={() => setFile(undefined)}
        />
      )}
    </header>
  );
}

function Rename({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const [typed, setTyped] = useState(title);
  const save = useAction(async () => {
    await groups().rename(id, typed);
    onClose();
  });
  return (
    <Sheet
      title={words.group.renameTitle}
      onClose={onClose}
      footer={
        <Button tone="whisper" size="l" wide busy={save.busy} onClick={save.start}>
          {words.save}
        </Button>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault();
          save.start();
        }}
      >
        <Field
          label={words.compose.name}
          hint={words.compose.nameHint}
          error={save.error === undefined ? undefined : wordsFor(save.error)}
          value={typed}
          maxLength={GROUP_TITLE_MAX}
          count={{ of: typed.length, max: GROUP_TITLE_MAX }}
          onChange={event => setTyped(event.target.value)}
        />
      </form>
    </Sheet>
  );
}
