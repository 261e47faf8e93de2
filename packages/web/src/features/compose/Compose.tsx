import type { Person } from '@sotto/protocol';
import { GROUP_TITLE_MAX } from '@sotto/protocol/limits';
import { newId } from '@sotto/sdk';
import Camera from 'lucide-react/icons/camera';
import UsersRound from 'lucide-react/icons/users-round';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { groups } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { Field } from '../../ui/Field.tsx';
import { IconRow } from '../../ui/IconRow.tsx';
import { note } from '../../ui/notes.ts';
import { Row } from '../../ui/Row.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import { useWriteTo } from '../conversation/useWriteTo.ts';
import inboxStyles from '../inbox/Inbox.module.css';
import { PeopleField } from '../people/PeopleField.tsx';
import { PeopleFound } from '../people/PeopleFound.tsx';
import { usePeopleSearch } from '../people/usePeopleSearch.ts';
import { PictureSheet } from '../profile/PictureSheet.tsx';
import { attempt } from '../room/useRoomActions.ts';
import { Page } from '../shell/Page.tsx';
import styles from './Compose.module.css';
import { PeoplePicker } from './PeoplePicker.tsx';

/** Someone to write to, or a new group (BC-2). */
export function Compose() {
  const [step, setStep] = useState<'one' | 'people' | 'name'>('one');
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  switch (step) {
    case 'one':
      return <One onGroup={() => setStep('people')} />;
    case 'people':
      return (
        <Page
          title={words.compose.whoTitle}
          back={paths.inbox}
          footer={
            <div className={styles.foot}>
              <Button onClick={() => setStep('one')}>{words.back}</Button>
              <Button tone="whisper" size="l" disabled={chosen.length === 0} onClick={() => setStep('name')}>
                {words.compose.next(chosen.length)}
              </Button>
            </div>
          }
        >
          <PeoplePicker chosen={chosen} onChange={setChosen} />
        </Page>
      );
    case 'name':
      return <Name people={chosen} onBack={() => setStep('people')} />;
  }
}

function One({ onGroup }: { onGroup: () => void }) {
  const [typed, setTyped] = useState('');
  const search = usePeopleSearch(typed, 'write');
  const writeTo = useWriteTo();
  return (
    <Page title={words.compose.title} back={paths.inbox}>
      <PeopleField value={typed} onChange={setTyped} />
      {search.query === '' && (
        <div className={styles.group}>
          <IconRow
            onPress={onGroup}
            icon={<UsersRound />}
            title={words.compose.newGroup}
            text={words.compose.newGroupText}
          />
        </div>
      )}
      <PeopleFound search={search}>
        {list => (
          <ul className={inboxStyles.list}>
            {list.map(person => (
              <li key={person.id}>
                <Row
                  onPress={() => attempt(writeTo(person.id))}
                  lead={<Face id={person.id} name={person.name} picture={person.picture?.small} size={54} />}
                  title={person.name}
                  text={`@${person.handle}`}
                />
              </li>
            ))}
          </ul>
        )}
      </PeopleFound>
    </Page>
  );
}

interface Square {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  url: string;
}

function Name({ people, onBack }: { people: readonly Person[]; onBack: () => void }) {
  const [, navigate] = useLocation();
  const [title, setTitle] = useState('');
  const [file, setFile] = useState<File>();
  const [square, setSquare] = useState<Square>();
  // A second try after a lost answer makes no second group.
  const clientId = useRef(newId());
  useEffect(() => () => square && URL.revokeObjectURL(square.url), [square]);
  const make = useAction(async () => {
    const group = await groups().make({
      title,
      people: people.map(person => person.id),
      clientId: clientId.current,
    });
    if (square)
      await groups()
        .changePicture(group.id, square.bytes, square.type)
        .catch(() => note(words.compose.partly, { tone: 'danger' }));
    navigate(paths.conversation(group.id), { replace: true });
  });
  return (
    <Page
      title={words.compose.groupTitle}
      back={paths.inbox}
      footer={
        <div className={styles.foot}>
          <Button onClick={onBack}>{words.back}</Button>
          <Button tone="whisper" size="l" busy={make.busy} onClick={make.start}>
            {words.compose.make}
          </Button>
        </div>
      }
    >
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          make.start();
        }}
      >
        <label className={styles.picture}>
          {square ? (
            <img src={square.url} alt="" width={96} height={96} />
          ) : (
            <span className={styles.camera}>
              <Camera aria-hidden="true" />
            </span>
          )}
          <span>{square ? words.group.changePicture : words.compose.picture}</span>
          <input
            type="file"
            accept="image/*"
            className="visually-hidden"
            onChange={event => {
              setFile(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </label>
        <Field
          label={words.compose.name}
          placeholder={words.compose.namePlaceholder}
          hint={words.compose.nameHint}
          value={title}
          maxLength={GROUP_TITLE_MAX}
          count={{ of: title.length, max: GROUP_TITLE_MAX }}
          onChange={event => setTitle(event.target.value)}
        />
        {make.error !== undefined && (
          <p role="alert" className={styles.problem}>
            {wordsFor(make.error)}
          </p>
        )}
        <ul className={styles.faces} aria-label={words.compose.chosen(people.length)}>
          {people.map(person => (
            <li key={person.id}>
              <Face id={person.id} name={person.name} picture={person.picture?.small} size={44} />
              <span dir="auto">{person.name}</span>
            </li>
          ))}
        </ul>
        <p className={styles.quiet}>{words.compose.invites}</p>
      </form>
      {file && (
        <PictureSheet
          file={file}
          onClose={() => setFile(undefined)}
          save={async (bytes, type) =>
            setSquare({ bytes, type, url: URL.createObjectURL(new Blob([bytes], { type })) })
          }
        />
      )}
    </Page>
  );
}
