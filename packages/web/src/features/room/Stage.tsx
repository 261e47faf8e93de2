import type { RoomSnapshot } from '@sotto/protocol';
import { listenerLabel, stageLabel } from '../../state/room.ts';
import type { LevelSource } from '../../ui/level.ts';
import { Person } from '../../ui/Person.tsx';
import { words } from '../../words/index.ts';
import styles from './Stage.module.css';

interface StageProps {
  room: Pick<RoomSnapshot, 'stage' | 'audience'>;
  levelOf: (account: string) => LevelSource;
  onPerson: (account: string) => void;
  onEveryone: () => void;
}

/** Those who can be heard, large; then those whom they follow; then the rest, and how many they are. */
export function Stage({ room, levelOf, onPerson, onEveryone }: StageProps) {
  const listeners = room.audience.sample;
  const followed = listeners.filter(listener => listener.followedBySpeaker);
  const others = listeners.filter(listener => !listener.followedBySpeaker);
  const unseen = room.audience.count > listeners.length;
  return (
    <>
      <ul className={styles.stage} aria-label={words.room.stage}>
        {room.stage.map(member => (
          <li key={member.person.id}>
            <Person
              big
              id={member.person.id}
              name={member.person.name}
              picture={member.person.picture?.large}
              size={88}
              level={levelOf(member.person.id)}
              badge={!member.connected ? 'away' : member.muted ? 'muted' : undefined}
              moderator={member.moderator}
              newcomer={member.person.newcomer}
              label={stageLabel(member)}
              onPress={() => onPerson(member.person.id)}
            />
          </li>
        ))}
      </ul>
      {[
        { key: 'followed', title: words.room.followed, people: followed },
        { key: 'others', title: words.room.others, people: others },
      ].map(
        group =>
          group.people.length > 0 && (
            <section key={group.key}>
              <h2 className={styles.heading}>{group.title}</h2>
              <ul className={styles.crowd}>
                {group.people.map(person => (
                  <li key={person.id}>
                    <Person
                      id={person.id}
                      name={person.name}
                      picture={person.picture?.small}
                      size={60}
                      badge={person.handRaised ? 'hand' : undefined}
                      newcomer={person.newcomer}
                      label={listenerLabel(person)}
                      onPress={() => onPerson(person.id)}
                    />
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
      <p className={styles.count}>
        {room.audience.count === 0 ? words.room.nobodyListening : words.room.listening(room.audience.count)}
        {unseen && (
          <button type="button" onClick={onEveryone}>
            {words.room.seeAll}
          </button>
        )}
      </p>
    </>
  );
}
