import { note } from '../../ui/notes.ts';
import { Sheet } from '../../ui/Sheet.tsx';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { ProfileForm } from './ProfileForm.tsx';

export function EditSheet({ onClose }: { onClose: () => void }) {
  const me = useMe();
  return (
    <Sheet title={words.profile.edit} onClose={onClose}>
      <ProfileForm
        me={me}
        action={words.save}
        onSaved={() => {
          note(words.profile.saved);
          onClose();
        }}
      />
    </Sheet>
  );
}
