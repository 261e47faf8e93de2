import Camera from 'lucide-react/icons/camera';
import Images from 'lucide-react/icons/images';
import Paperclip from 'lucide-react/icons/paperclip';
import Video from 'lucide-react/icons/video';
import { type ChangeEvent, useRef } from 'react';
import { ACCEPTED } from '../../state/file-kinds.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useMedia } from '../../ui/useMedia.ts';
import { words } from '../../words/index.ts';

/** Photos and videos from the device; on a phone also from its camera. */
export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const library = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const camcorder = useRef<HTMLInputElement>(null);
  const finger = useMedia('(pointer: coarse)');
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(event.target.files ?? [])]);
    // The same file again is a change too.
    event.target.value = '';
  };
  return (
    <>
      <input ref={library} type="file" hidden multiple accept={ACCEPTED} onChange={onChange} />
      <input ref={camera} type="file" hidden accept="image/*" capture="environment" onChange={onChange} />
      <input ref={camcorder} type="file" hidden accept="video/*" capture="environment" onChange={onChange} />
      {finger ? (
        <Menu
          label={words.conversation.attach}
          icon={<Paperclip />}
          items={[
            {
              label: words.conversation.attachPhotos,
              icon: <Images />,
              onSelect: () => library.current?.click(),
            },
            {
              label: words.conversation.attachCamera,
              icon: <Camera />,
              onSelect: () => camera.current?.click(),
            },
            {
              label: words.conversation.attachVideo,
              icon: <Video />,
              onSelect: () => camcorder.current?.click(),
            },
          ]}
        />
      ) : (
        <RoundButton
          tone="bare"
          label={words.conversation.attach}
          icon={<Paperclip />}
          onClick={() => library.current?.click()}
        />
      )}
    </>
  );
}
