import type { ConversationOf, GroupRole } from '@sotto/protocol';
import Crown from 'lucide-react/icons/crown';
import Ellipsis from 'lucide-react/icons/ellipsis';
import MailX from 'lucide-react/icons/mail-x';
import Shield from 'lucide-react/icons/shield';
import ShieldOff from 'lucide-react/icons/shield-off';
import UserMinus from 'lucide-react/icons/user-minus';
import { useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { groups } from '../../state/sotto.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { Face } from '../../ui/Face.tsx';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { Row } from '../../ui/Row.tsx';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import styles from './GroupInfo.module.css';
import type { GroupPeople } from './GroupInfo.tsx';

interface MemberRowProps {
  group: ConversationOf<'group'>;
  member: GroupPeople['people'][number];
  me: string;
  onChange: () => void;
}

/** Someone of a group, with what one may do about their place. */
export function MemberRow({ group, member, me, onChange }: MemberRowProps) {
  const { person, role, invited } = member;
  const [asked, ask] = useState<'remove' | 'handOver' | null>(null);
  const self = person.id === me;
  const run = async (work: Promise<unknown>) => {
    await work;
    onChange();
  };
  const setRole = (to: GroupRole) => run(groups().setRole(group.id, person.id, to));
  const remove = () => run(groups().remove(group.id, person.id));
  const items = self ? [] : itemsFor({ you: group.you, role, invited }, { ask, setRole, remove });
  return (
    <li className={styles.member}>
      <Row
        href={self ? paths.you : paths.profile(person.handle)}
        lead={<Face id={person.id} name={person.name} picture={person.picture?.small} size={46} />}
        title={self ? words.group.you : person.name}
        text={`@${person.handle}`}
        aside={
          role !== 'member' && (
            <span className={styles.role} data-role={role}>
              {role === 'owner' ? words.group.owner : words.group.admin}
            </span>
          )
        }
      />
      {items.length > 0 && (
        <Menu small label={words.group.options(person.name)} icon={<Ellipsis />} items={items} />
      )}
      {asked === 'remove' && (
        <Confirm
          title={words.group.removeAsk(person.name)}
          text={words.group.removeText}
          action={words.group.removeAction}
          explain={wordsFor}
          onConfirm={remove}
          onClose={() => ask(null)}
        />
      )}
      {asked === 'handOver' && (
        <Confirm
          title={words.group.handOverAsk(person.name)}
          text={words.group.handOverText}
          action={words.group.handOverAction}
          tone="whisper"
          explain={wordsFor}
          onConfirm={() => setRole('owner')}
          onClose={() => ask(null)}
        />
      )}
    </li>
  );
}

/** The server decides; a menu only leaves out what it would refuse. */
function itemsFor(
  { you, role, invited }: { you: GroupRole; role: GroupRole; invited: boolean },
  act: {
    ask: (what: 'remove' | 'handOver') => void;
    setRole: (role: GroupRole) => Promise<void>;
    remove: () => Promise<void>;
  },
): MenuItem[] {
  if (you === 'member') return [];
  if (invited)
    return [{ label: words.group.takeBack, icon: <MailX />, onSelect: () => attempt(act.remove()) }];
  const owner = you === 'owner';
  const items: MenuItem[] = [];
  if (owner && role === 'member')
    items.push({
      label: words.group.makeAdmin,
      icon: <Shield />,
      onSelect: () => attempt(act.setRole('admin')),
    });
  if (owner && role === 'admin')
    items.push({
      label: words.group.makeMember,
      icon: <ShieldOff />,
      onSelect: () => attempt(act.setRole('member')),
    });
  if (owner)
    items.push({ label: words.group.handOver, icon: <Crown />, onSelect: () => act.ask('handOver') });
  if (owner || role === 'member')
    items.push({
      label: words.group.remove,
      icon: <UserMinus />,
      danger: true,
      onSelect: () => act.ask('remove'),
    });
  return items;
}
