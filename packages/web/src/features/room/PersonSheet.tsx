import type { Relation, RoomSnapshot } from '@sotto/protocol';
import ArrowDownToLine from 'lucide-react/icons/arrow-down-to-line';
import Ban from 'lucide-react/icons/ban';
import Hand from 'lucide-react/icons/hand';
import Mic from 'lucide-react/icons/mic';
import MicOff from 'lucide-react/icons/mic-off';
import Send from 'lucide-react/icons/send';
import Sparkle from 'lucide-react/icons/sparkle';
import UserMinus from 'lucide-react/icons/user-minus';
import UserPlus from 'lucide-react/icons/user-plus';
import UserRound from 'lucide-react/icons/user-round';
import UserX from 'lucide-react/icons/user-x';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { actionsFor, type PersonAction, type RoomPerson } from '../../state/room.ts';
import { paths } from '../../state/route.ts';
import { audio, call, conversations, people } from '../../state/sotto.ts';
import { Confirm } from '../../ui/Confirm.tsx';
import { Face } from '../../ui/Face.tsx';
import { note } from '../../ui/notes.ts';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useMe } from '../shell/me.ts';
import { openTalkWith } from '../talk/opened.ts';
import styles from './OpenRoomSheet.module.css';

const LOOK: Record<PersonAction, { label: string; icon: ReactNode; danger?: boolean }> = {
  invite: { label: words.room.inviteLong, icon: <Mic /> },
  moveDown: { label: words.room.moveDown, icon: <ArrowDownToLine /> },
  mute: { label: words.room.mutePerson, icon: <MicOff /> },
  makeModerator: { label: words.room.makeModerator, icon: <Sparkle /> },
  lowerHand: { label: words.room.lowerHandOf, icon: <Hand /> },
  remove: { label: words.room.remove, icon: <UserX />, danger: true },
  follow: { label: words.profile.follow, icon: <UserPlus /> },
  unfollow: { label: words.profile.unfollow, icon: <UserMinus /> },
  write: { label: words.profile.write, icon: <Send /> },
  block: { label: words.profile.block, icon: <Ban />, danger: true },
  unblock: { label: words.profile.unblock, icon: <Ban /> },
};

interface PersonSheetProps {
  room: RoomSnapshot;
  target: RoomPerson;
  onClose: () => void;
}

/** Someone in the room: who they are, and exactly what the viewer may do. */
export function PersonSheet({ room, target, onClose }: PersonSheetProps) {
  const me = useMe();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState<'remove' | 'block'>();
  const { person } = target;
  const account = person.id;
  const profile = useLoad(account, () => people.profile(person.handle));
  const relation: Relation | null =
    useReadable(people.relations).get(account) ?? (profile.state === 'ready' ? profile.value.relation : null);
  const params = { room: room.info.id, account };
  const perform: Record<PersonAction, () => Promise<unknown>> = {
    invite: () => call('PUT /v1/rooms/:room/invitations/:account', { params }),
    moveDown: () => call('POST /v1/rooms/:room/people/:account/move-down', { params }),
    mute: () => call('POST /v1/rooms/:room/people/:account/mute', { params }),
    makeModerator: () => call('PUT /v1/rooms/:room/moderators/:account', { params }),
    lowerHand: () => call('DELETE /v1/rooms/:room/hands/:account', { params }),
    remove: async () => {
      await call('PUT /v1/rooms/:room/kept-out/:account', { params });
      note(words.room.removed(person.name));
    },
    follow: () => people.follow(account),
    unfollow: () => people.unfollow(account),
    // Beside the room: one writes to somebody without leaving it (BC-4).
    write: async () => {
      const known = conversations().findDirect(account) ?? (await conversations().openDirect(account));
      openTalkWith(known.id);
    },
    block: async () => {
      await people.block(account);
      note(words.profile.blocked(person.name));
    },
    unblock: () => people.unblock(account),
  };
  const act = useAction(async (action: PersonAction) => {
    await perform[action]();
    onClose();
  });
  const { moderation, social } = actionsFor(
    target,
    {
      id: me.id,
      moderates: room.you.role === 'moderator',
      opener: room.info.openedBy === me.id,
      stageLocked: room.info.stageLocked,
    },
    relation,
  );
  const button = (action: PersonAction) => (
    <button
      key={action}
      type="button"
      data-danger={LOOK[action].danger}
      onClick={() => (action === 'remove' || action === 'block' ? setAsking(action) : act.start(action))}
    >
      {LOOK[action].icon}
      {LOOK[action].label}
    </button>
  );
  if (asking)
    return (
      <Confirm
        title={asking === 'remove' ? words.room.removeAsk(person.name) : words.profile.blockAsk(person.name)}
        text={asking === 'remove' ? words.room.removeText : words.profile.blockText}
        action={asking === 'remove' ? words.room.removeAction : words.profile.block}
        explain={wordsFor}
        onConfirm={perform[asking]}
        onClose={onClose}
      />
    );
  return (
    <Sheet title={person.name} titleHidden onClose={onClose}>
      <div className={styles.who}>
        <Face id={account} name={person.name} picture={person.picture?.large} size={76} />
        <span>
          <b dir="auto">{person.name}</b>
          <small>
            <bdi dir="ltr">@{person.handle}</bdi> · {roleWords(target)}
            {person.newcomer && ` · ${words.room.newcomer}`}
          </small>
          {relation?.followsYou && <small>{words.profile.followsYou}</small>}
        </span>
      </div>
      {target.hand?.line && (
        <p className={styles.line} dir="auto">
          {target.hand.line}
        </p>
      )}
      {target.onStage && account !== me.id && <Volume account={account} name={person.name} />}
      {act.error !== undefined && (
        <p className={styles.line} role="alert">
          {wordsFor(act.error)}
        </p>
      )}
      {social.length > 0 && (
        <div className={styles.actions}>
          {social.filter(action => action !== 'block').map(button)}
          <button
            type="button"
            onClick={() => {
              onClose();
              navigate(paths.profile(person.handle));
            }}
          >
            <UserRound />
            {words.profile.view}
          </button>
        </div>
      )}
      {moderation.length > 0 && <div className={styles.actions}>{moderation.map(button)}</div>}
      {social.includes('block') && <div className={styles.actions}>{button('block')}</div>}
    </Sheet>
  );
}

/** How loud one voice is, on this device alone (AU-8). */
function Volume({ account, name }: { account: string; name: string }) {
  const { volumes } = useReadable(audio);
  return (
    <label className={styles.volume}>
      {words.room.volume(name)}
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={volumes[account] ?? 1}
        aria-valuetext={words.percent(volumes[account] ?? 1)}
        onChange={event => audio.setVolume(account, Number(event.target.value))}
      />
    </label>
  );
}

function roleWords({ moderator, onStage }: RoomPerson): string {
  return moderator ? words.room.moderator : onStage ? words.room.speaker : words.room.listener;
}
