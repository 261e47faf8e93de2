import type { RoomSnapshot } from '@sotto/protocol';
import ArrowDownToLine from 'lucide-react/icons/arrow-down-to-line';
import DoorClosed from 'lucide-react/icons/door-closed';
import Ellipsis from 'lucide-react/icons/ellipsis';
import ListOrdered from 'lucide-react/icons/list-ordered';
import PenLine from 'lucide-react/icons/pen-line';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import UserPlus from 'lucide-react/icons/user-plus';
import Users from 'lucide-react/icons/users';
import { useLocation } from 'wouter';
import { paths } from '../../state/route.ts';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { words } from '../../words/index.ts';
import type { RoomSheet } from './RoomSheets.tsx';
import { useRoomActions } from './useRoomActions.ts';

interface RoomMenuProps {
  room: RoomSnapshot;
  title: string;
  onSheet: (sheet: RoomSheet) => void;
}

export function RoomMenu({ room, onSheet }: RoomMenuProps) {
  const [, navigate] = useLocation();
  const actions = useRoomActions(room);
  const moderates = room.you.role === 'moderator';
  const items: (MenuItem | false)[] = [
    { label: words.room.ping, icon: <UserPlus />, onSelect: () => onSheet({ name: 'ping' }) },
    { label: words.room.everyoneTitle, icon: <Users />, onSelect: () => onSheet({ name: 'everyone' }) },
    moderates && {
      label: words.room.hands,
      icon: <ListOrdered />,
      onSelect: () => onSheet({ name: 'hands' }),
    },
    moderates && { label: words.room.rename, icon: <PenLine />, onSelect: () => onSheet({ name: 'rename' }) },
    actions.onStage && { label: words.room.stepDown, icon: <ArrowDownToLine />, onSelect: actions.stepDown },
    { label: words.settings.audio, icon: <SlidersHorizontal />, onSelect: () => navigate(paths.settings) },
    moderates && {
      label: words.room.end,
      icon: <DoorClosed />,
      danger: true,
      onSelect: () => onSheet({ name: 'end' }),
    },
  ];
  return <Menu label={words.room.options} icon={<Ellipsis />} items={items.filter(item => item !== false)} />;
}
