import type { Profile as ProfileData, Relation } from '@sotto/protocol';
import AudioLines from 'lucide-react/icons/audio-lines';
import Ban from 'lucide-react/icons/ban';
import Ellipsis from 'lucide-react/icons/ellipsis';
import PenLine from 'lucide-react/icons/pen-line';
import Settings from 'lucide-react/icons/settings';
import Share2 from 'lucide-react/icons/share-2';
import Sprout from 'lucide-react/icons/sprout';
import UserRound from 'lucide-react/icons/user-round';
import { useEffect, useRef, useState } from 'react';
import { codeOf, wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { people } from '../../state/sotto.ts';
import { Button, RoundLink } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { Face } from '../../ui/Face.tsx';
import { lateSheet } from '../../ui/late.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { note } from '../../ui/notes.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { monthOf } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import { PersonButtons } from '../people/PersonButtons.tsx';
import { useEnterRoom } from '../room/useEnterRoom.ts';
import { attempt } from '../room/useRoomActions.ts';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import styles from './Profile.module.css';
import { RichText } from './RichText.tsx';

const EditSheet = lateSheet(() => import('./EditSheet.tsx').then(module => module.EditSheet));
const ShareSheet = lateSheet(() => import('../talk/ShareSheet.tsx').then(module => module.ShareSheet));
const FollowsSheet = lateSheet(() => import('./FollowsSheet.tsx').then(module => module.FollowsSheet));

/** Somebody's profile; one's own where no handle is given, as the pane *You*. */
export function Profile({ handle }: { handle?: string }) {
  const me = useMe();
  const asked = handle ?? me.handle;
  const profile = useLoad(asked, () => people.profile(asked));
  const { reload } = profile;
  // One's own changes show at once.
  const own = asked === me.handle ? `${me.name}${me.bio}${me.picture?.small}` : '';
  const shown = useRef(own);
  useEffect(() => {
    if (shown.current !== own) reload();
    shown.current = own;
  }, [own, reload]);
  const missing =
    profile.state === 'failed' && ['not_found', 'invalid_input'].includes(codeOf(profile.error) ?? '');
  const self = asked === me.handle;
  return (
    <Page
      large={!handle}
      title={handle ? (profile.state === 'ready' ? profile.value.person.name : `@${handle}`) : words.nav.you}
      head={handle ? <span /> : undefined}
      {...(handle ? { back: paths.hallway } : {})}
      actions={
        self ? (
          <RoundLink href={paths.settings} label={words.nav.settings} icon={<Settings />} />
        ) : (
          profile.state === 'ready' && <Options profile={profile.value} />
        )
      }
    >
      {profile.state === 'ready' ? (
        <Body profile={profile.value} />
      ) : profile.state === 'loading' ? (
        <Skeleton kind="row" rows={4} />
      ) : (
        <State
          alert
          icon={<UserRound />}
          title={missing ? words.profile.missingTitle : words.profile.errorTitle}
          text={missing ? words.profile.missingText : wordsFor(profile.error)}
          action={!missing && <Button onClick={profile.reload}>{words.retry}</Button>}
        />
      )}
    </Page>
  );
}

function useRelation(profile: ProfileData): Relation {
  return useReadable(people.relations).get(profile.person.id) ?? profile.relation;
}

function Body({ profile }: { profile: ProfileData }) {
  const { person, bio, self, room } = profile;
  const relation = useRelation(profile);
  const enter = useEnterRoom();
  const [sheet, setSheet] = useState<'edit' | 'followers' | 'following' | null>(null);
  // Following from here changes their count before the profile is read again.
  const followers = profile.followers + Number(relation.following) - Number(profile.relation.following);
  return (
    <div className={styles.profile}>
      <Face id={person.id} name={person.name} picture={person.picture?.large} size={112} />
      <h2 className={styles.name} dir="auto">
        {person.name}
      </h2>
      <p className={styles.handle}>
        <bdi dir="ltr">@{person.handle}</bdi>
        {relation.followsYou && <span className={styles.tag}>{words.profile.followsYou}</span>}
        {person.newcomer && (
          <span className={styles.tag}>
            <Sprout aria-hidden="true" /> {words.room.newcomer}
          </span>
        )}
      </p>
      <p className={styles.counts}>
        <button type="button" onClick={() => setSheet('followers')}>
          {words.profile.followers(followers)}
        </button>
        <button type="button" onClick={() => setSheet('following')}>
          {words.profile.followingCount(profile.following)}
        </button>
      </p>
      {bio ? (
        <p className={styles.bio} dir="auto">
          <RichText text={bio} />
        </p>
      ) : (
        self && <p className={styles.noBio}>{words.profile.noBio}</p>
      )}
      {relation.blocked ? (
        <div className={styles.blocked} role="status">
          <b>{words.profile.blockedTitle}</b>
          <p>{words.profile.blockedText}</p>
          <Button
            onClick={() =>
              attempt(people.unblock(person.id).then(() => note(words.profile.unblocked(person.name))))
            }
          >
            {words.profile.unblock}
          </Button>
        </div>
      ) : (
        <div className={styles.actions}>
          {self ? (
            <Button icon={<PenLine />} onClick={() => setSheet('edit')}>
              {words.profile.edit}
            </Button>
          ) : (
            <PersonButtons person={person} relation={relation} />
          )}
        </div>
      )}
      {room && !relation.blocked && (
        <button type="button" className={styles.room} onClick={() => enter(room.id)}>
          <AudioLines aria-hidden="true" />
          <span>
            <small>{room.onStage ? words.profile.onStage : words.profile.inRoom}</small>
            <b dir="auto">{room.title || words.hallway.untitled(person.name)}</b>
          </span>
          <span className={styles.join}>{words.profile.join}</span>
        </button>
      )}
      <p className={styles.joined}>{words.profile.joined(monthOf(profile.joinedAt))}</p>
      {sheet === 'edit' && <EditSheet onClose={() => setSheet(null)} />}
      {(sheet === 'followers' || sheet === 'following') && (
        <FollowsSheet account={person.id} kind={sheet} onClose={() => setSheet(null)} />
      )}
    </div>
  );
}

function Options({ profile }: { profile: ProfileData }) {
  const { person } = profile;
  const relation = useRelation(profile);
  const [asking, setAsking] = useState(false);
  const [sharing, setSharing] = useState(false);
  if (relation.blocked) return null;
  return (
    <>
      <Menu
        label={words.profile.options}
        icon={<Ellipsis />}
        items={[
          { label: words.share.toConversation, icon: <Share2 />, onSelect: () => setSharing(true) },
          { label: words.profile.block, icon: <Ban />, danger: true, onSelect: () => setAsking(true) },
        ]}
      />
      {sharing && (
        <ShareSheet
          title={words.share.profileTitle(person.name)}
          card={{ kind: 'profile', account: person.id }}
          url={new URL(paths.profile(person.handle), location.origin).href}
          onClose={() => setSharing(false)}
        />
      )}
      {asking && (
        <Confirm
          title={words.profile.blockAsk(person.name)}
          text={words.profile.blockText}
          action={words.profile.block}
          explain={wordsFor}
          onConfirm={() => people.block(person.id).then(() => note(words.profile.blocked(person.name)))}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
