import type { Conversation, ConversationOf } from '@sotto/protocol';
import Ban from 'lucide-react/icons/ban';
import LogOut from 'lucide-react/icons/log-out';
import Search from 'lucide-react/icons/search';
import UserPlus from 'lucide-react/icons/user-plus';
import UsersRound from 'lucide-react/icons/users-round';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { conversationTitle } from '../../state/conversation.ts';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { conversations, groups } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { note } from '../../ui/notes.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { PlaceButtons } from '../inbox/PlaceButtons.tsx';
import { SearchSheet } from '../inbox/SearchSheet.tsx';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import { About } from './About.tsx';
import { AddPeopleSheet } from './AddPeopleSheet.tsx';
import styles from './GroupInfo.module.css';
import { MemberRow } from './MemberRow.tsx';

type Group = ConversationOf<'group'>;
export type GroupPeople = Awaited<ReturnType<ReturnType<typeof groups>['people']>>;

/** A group's name, picture and people, and what one may do there (BC-2). */
export function GroupInfo({ id }: { id: string }) {
  const store = useMemo(() => conversations().get(id), [id]);
  useEffect(() => store.open(), [store]);
  const { conversation, state } = useReadable(store);
  // While one leaves, it is gone before the answer is there: it stays on the screen until then.
  const [leaving, setLeaving] = useState<Group | null>(null);
  const group = isGroup(conversation) ? conversation : leaving;
  if (group) return <Known group={group} onLeaving={setLeaving} />;
  return (
    <Page title={words.group.title} back={paths.conversation(id)}>
      {state === 'loading' ? (
        <Skeleton kind="row" rows={6} />
      ) : (
        <State
          icon={<UsersRound />}
          title={words.conversation.missingTitle}
          text={words.conversation.missingText}
        />
      )}
    </Page>
  );
}

const isGroup = (conversation: Conversation | null): conversation is Group => conversation?.kind === 'group';

type Asked = 'add' | 'leave' | 'search' | null;

function Known({ group, onLeaving }: { group: Group; onLeaving: (group: Group | null) => void }) {
  const { id, you, head, version, blockedInside } = group;
  const me = useMe();
  const [asked, ask] = useState<Asked>(null);
  const close = () => ask(null);
  // Whatever happens in it moves its head: the list is asked for again, and the old one stays until then.
  const { loaded, reload } = useLoad(`group:${id}`, () => groups().people(id));
  const seen = `${head} ${version}`;
  const [asOf, setAsOf] = useState(seen);
  useEffect(() => {
    if (asOf === seen) return;
    setAsOf(seen);
    reload();
  }, [asOf, seen, reload]);
  const runs = you !== 'member';
  const inside = loaded.state === 'ready' ? loaded.value.people.filter(each => !each.invited) : [];
  const invited = loaded.state === 'ready' ? loaded.value.people.filter(each => each.invited) : [];
  return (
    <Page title={words.group.title} back={paths.conversation(id)}>
      <div className={styles.info}>
        <About group={group} />
        {blockedInside && (
          <p className={styles.notice} role="note">
            <Ban aria-hidden="true" />
            {words.group.blockedInside}
          </p>
        )}
        <div className={styles.buttons}>
          <PlaceButtons conversation={group} />
          <Button icon={<Search />} onClick={() => ask('search')}>
            {words.group.search}
          </Button>
        </div>
        <section aria-label={words.group.people(group.count)}>
          <header className={styles.heading}>
            <h2>{words.group.people(group.count)}</h2>
            {runs && loaded.state === 'ready' && (
              <Button tone="whisper" size="s" icon={<UserPlus />} onClick={() => ask('add')}>
                {words.group.add}
              </Button>
            )}
          </header>
          {loaded.state === 'loading' ? (
            <Skeleton kind="row" rows={Math.min(group.count, 6)} />
          ) : loaded.state === 'failed' ? (
            <State
              alert
              icon={<UsersRound />}
              title={words.group.errorTitle}
              text={wordsFor(loaded.error)}
              action={<Button onClick={reload}>{words.retry}</Button>}
            />
          ) : (
            <>
              <ul className={styles.people}>
                {inside.map(each => (
                  <MemberRow key={each.person.id} group={group} member={each} me={me.id} onChange={reload} />
                ))}
              </ul>
              {invited.length > 0 && (
                <>
                  <h3 className={styles.sub}>{words.group.invited}</h3>
                  <p className={styles.quiet}>{words.group.invitedNote}</p>
                  <ul className={styles.people}>
                    {invited.map(each => (
                      <MemberRow
                        key={each.person.id}
                        group={group}
                        member={each}
                        me={me.id}
                        onChange={reload}
                      />
                    ))}
                  </ul>
                </>
              )}
            </>
          )}
        </section>
        <Button tone="bare" className={styles.leave} icon={<LogOut />} onClick={() => ask('leave')}>
          {words.group.leave}
        </Button>
      </div>
      {asked === 'add' && loaded.state === 'ready' && (
        <AddPeopleSheet group={id} people={loaded.value} onAdded={reload} onClose={close} />
      )}
      {asked === 'search' && (
        <SearchSheet conversation={id} title={conversationTitle(group)} onClose={close} />
      )}
      {asked === 'leave' && <Leave group={group} onLeaving={onLeaving} onClose={close} />}
    </Page>
  );
}

interface LeaveProps {
  group: Group;
  onLeaving: (group: Group | null) => void;
  onClose: () => void;
}

function Leave({ group, onLeaving, onClose }: LeaveProps) {
  const [, navigate] = useLocation();
  const text =
    group.count === 1
      ? words.group.leaveLast
      : group.you === 'owner'
        ? words.group.leaveOwner
        : words.group.leaveText;
  return (
    <Confirm
      title={words.group.leaveAsk}
      text={text}
      action={words.group.leave}
      explain={wordsFor}
      onConfirm={async () => {
        onLeaving(group);
        await groups()
          .leave(group.id)
          .catch(error => {
            onLeaving(null);
            throw error;
          });
        note(words.group.left);
        navigate(paths.inbox, { replace: true });
      }}
      onClose={onClose}
    />
  );
}
