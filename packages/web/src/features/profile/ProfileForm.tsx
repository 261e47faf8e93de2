import type { Me } from '@sotto/protocol';
import { BIO_MAX, HANDLE_MAX, NAME_MAX } from '@sotto/protocol/limits';
import Camera from 'lucide-react/icons/camera';
import Trash2 from 'lucide-react/icons/trash-2';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { codeOf, wordsFor } from '../../state/errors.ts';
import { isHandle, suggestHandle, tidyHandle } from '../../state/handle.ts';
import { me as account, call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { AreaField, Field } from '../../ui/Field.tsx';
import { lateSheet } from '../../ui/late.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './ProfileForm.module.css';

const PictureSheet = lateSheet(() => import('./PictureSheet.tsx').then(module => module.PictureSheet));

/** Milliseconds after the last key before a handle is looked up. */
const PAUSE = 350;

type Availability = 'unknown' | 'checking' | 'free' | 'taken';

/** Whether a handle is free, asked once the person pauses. */
function useAvailability(handle: string, own: string | null): Availability {
  const [known, setKnown] = useState<{ handle: string; free: boolean }>();
  useEffect(() => {
    if (handle === own || !isHandle(handle)) return;
    const controller = new AbortController();
    const pause = setTimeout(() => {
      call('GET /v1/handles/:handle', { params: { handle }, signal: controller.signal }).then(
        reply => setKnown({ handle, free: reply.free }),
        () => {}, // Not knowing is no hindrance: the server says so when it is saved.
      );
    }, PAUSE);
    return () => {
      clearTimeout(pause);
      controller.abort();
    };
  }, [handle, own]);
  if (handle === own || !isHandle(handle)) return 'unknown';
  if (known?.handle !== handle) return 'checking';
  return known.free ? 'free' : 'taken';
}

interface ProfileFormProps {
  me: Me;
  action: string;
  onSaved?: () => void;
}

/** Picture, name, handle, a line about oneself: for a new account and for changing one. */
export function ProfileForm({ me, action, onSaved }: ProfileFormProps) {
  const [name, setName] = useState(me.name ?? '');
  const [typedHandle, setTypedHandle] = useState(me.handle);
  const [bio, setBio] = useState(me.bio);
  const [tried, setTried] = useState(false);
  const [file, setFile] = useState<File>();
  const picker = useRef<HTMLInputElement>(null);
  const handle = typedHandle ?? suggestHandle(name);
  const available = useAvailability(handle, me.handle);
  const save = useAction(async () => {
    await account.change({ name: name.trim(), handle, bio });
    onSaved?.();
  });
  const removePicture = useAction(() => account.removePicture());

  const nameProblem = tried && !name.trim() ? words.setup.nameMissing : undefined;
  const wrongShape = handle !== '' && !isHandle(handle) && (tried || handle.length > 2);
  const handleProblem =
    available === 'taken' || codeOf(save.error) === 'handle_taken'
      ? words.setup.handleTaken
      : wrongShape || (tried && !handle)
        ? words.setup.handleFormat
        : undefined;
  const hints = {
    unknown: words.setup.handleHint,
    checking: words.setup.handleChecking,
    free: words.setup.handleFree,
    taken: '',
  };
  const general = save.error && codeOf(save.error) !== 'handle_taken' ? save.error : removePicture.error;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() && isHandle(handle) && available !== 'taken') save.start();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <div className={styles.picture}>
        <Face id={me.id} name={name || '?'} picture={me.picture?.large} size={104} />
        <div>
          <Button icon={<Camera />} onClick={() => picker.current?.click()}>
            {me.picture ? words.setup.changePicture : words.setup.picture}
          </Button>
          {me.picture && (
            <Button tone="bare" icon={<Trash2 />} busy={removePicture.busy} onClick={removePicture.start}>
              {words.setup.removePicture}
            </Button>
          )}
        </div>
        <input
          ref={picker}
          type="file"
          accept="image/jpeg,image/png,image/webp,image/gif,image/avif"
          hidden
          onChange={event => {
            setFile(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <Field
        label={words.setup.name}
        placeholder={words.setup.namePlaceholder}
        value={name}
        onChange={event => setName(event.target.value)}
        maxLength={NAME_MAX}
        autoComplete="name"
        error={nameProblem}
        required
      />
      <Field
        label={words.setup.handle}
        prefix="@"
        value={handle}
        onChange={event => {
          setTypedHandle(tidyHandle(event.target.value));
          save.clear();
        }}
        maxLength={HANDLE_MAX + 1}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
        error={handleProblem}
        hint={hints[available]}
        required
      />
      <AreaField
        label={words.setup.bio}
        placeholder={words.setup.bioPlaceholder}
        value={bio}
        onChange={event => setBio(event.target.value)}
        maxLength={BIO_MAX}
        count={{ of: bio.length, max: BIO_MAX }}
      />
      {general !== undefined && (
        <p className={styles.problem} role="alert">
          {wordsFor(general)}
        </p>
      )}
      <Button type="submit" tone="voice" size="l" wide busy={save.busy}>
        {action}
      </Button>
      {file && <PictureSheet file={file} onClose={() => setFile(undefined)} />}
    </form>
  );
}
