import type { Person, Relation } from '@sotto/protocol';
import Send from 'lucide-react/icons/send';
import { people } from '../../state/sotto.ts';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import { useWriteTo } from '../conversation/useWriteTo.ts';
import { attempt } from '../room/useRoomActions.ts';

interface PersonButtonsProps {
  person: Person;
  relation: Relation;
  /** One of many in a list: the button is small, and its name says whom it is about. */
  listed?: boolean;
}

/** Following somebody, and the airplane to write to them. */
export function PersonButtons({ person, relation: { following }, listed = false }: PersonButtonsProps) {
  const writeTo = useWriteTo();
  return (
    <>
      <Button
        size={listed ? 's' : 'm'}
        tone={following || listed ? 'quiet' : 'ink'}
        aria-pressed={following}
        aria-label={
          listed ? `${following ? words.profile.unfollow : words.profile.follow}: ${person.name}` : undefined
        }
        onClick={() => attempt(following ? people.unfollow(person.id) : people.follow(person.id))}
      >
        {following ? words.profile.following : words.profile.follow}
      </Button>
      <RoundButton
        tone="whisper"
        label={words.people.writeTo(person.name)}
        icon={<Send />}
        onClick={() => attempt(writeTo(person.id))}
      />
    </>
  );
}
