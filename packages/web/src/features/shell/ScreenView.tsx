import Compass from 'lucide-react/icons/compass';
import { type ComponentType, useLayoutEffect } from 'react';
import { useLocation } from 'wouter';
import { paths, type Screen } from '../../state/route.ts';
import { conversations } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { lateScreen } from '../../ui/late.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { words } from '../../words/index.ts';
import { Hallway } from '../hallway/Hallway.tsx';
import { Inbox } from '../inbox/Inbox.tsx';
import { Boundary } from './Boundary.tsx';
import { Page } from './Page.tsx';
import styles from './Shell.module.css';

/** A screen whose code comes when it is first shown. */
const screenOf = <P extends object>(load: () => Promise<ComponentType<P>>) => lateScreen(load, <Coming />);

const Conversation = lateScreen<{ id: string }>(
  () => import('../conversation/Conversation.tsx').then(module => module.Conversation),
  ({ id }) => <ComingConversation id={id} />,
);
const Compose = screenOf(() => import('../compose/Compose.tsx').then(module => module.Compose));
const Archive = screenOf(() => import('../inbox/Archive.tsx').then(module => module.Archive));
const Share = screenOf(() => import('../share/Share.tsx').then(module => module.Share));
const GroupInfo = screenOf(() => import('../group/GroupInfo.tsx').then(module => module.GroupInfo));
const Requests = screenOf(() => import('../requests/Requests.tsx').then(module => module.Requests));
const RequestScreen = screenOf(() =>
  import('../requests/RequestScreen.tsx').then(module => module.RequestScreen),
);
const Console = screenOf(() => import('../console/Console.tsx').then(module => module.Console));
const RoomScreen = screenOf(() => import('../room/RoomScreen.tsx').then(module => module.RoomScreen));
const People = screenOf(() => import('../people/People.tsx').then(module => module.People));
const Profile = screenOf(() => import('../profile/Profile.tsx').then(module => module.Profile));
const Settings = screenOf(() => import('../settings/Settings.tsx').then(module => module.Settings));

/** The view of a screen, wherever the layout puts it. */
export function ScreenView({ screen, wide }: { screen: Screen; wide: boolean }) {
  return (
    <Boundary resetKey={JSON.stringify(screen)}>
      <View screen={screen} wide={wide} />
    </Boundary>
  );
}

/** What a screen's own code is waited for with, where the screen's body will be. */
function Coming() {
  return (
    <div className={styles.coming}>
      <Skeleton kind="row" rows={5} />
    </div>
  );
}

/** What is in a conversation is asked for beside the code that draws it. */
function ComingConversation({ id }: { id: string }) {
  useLayoutEffect(() => {
    const close = conversations().get(id).open();
    // Not before the screen, which comes in the same moment, has opened it too.
    return () => queueMicrotask(close);
  }, [id]);
  return <Coming />;
}

function View({ screen, wide }: { screen: Screen; wide: boolean }) {
  switch (screen.name) {
    case 'hallway':
      return <Hallway wide={wide} />;
    case 'inbox':
      return <Inbox />;
    case 'conversation':
      return <Conversation key={screen.id} id={screen.id} />;
    case 'compose':
      return <Compose />;
    case 'archive':
      return <Archive />;
    case 'share':
      return <Share />;
    case 'group':
      return <GroupInfo key={screen.id} id={screen.id} />;
    case 'requests':
      return <Requests key={screen.view} view={screen.view} />;
    case 'request':
      return <RequestScreen key={screen.id} id={screen.id} />;
    case 'console':
      return <Console page={screen.page} id={screen.id} />;
    case 'room':
      return <RoomScreen id={screen.id} wide={wide} />;
    case 'people':
      return <People />;
    case 'profile':
      return <Profile key={screen.handle} handle={screen.handle} />;
    case 'you':
      return <Profile />;
    case 'settings':
      return <Settings />;
    case 'missing':
      return <Missing />;
  }
}

function Missing() {
  const [, navigate] = useLocation();
  return (
    <Page title={words.notFound.title} head={<span />} back={paths.hallway}>
      <State
        icon={<Compass />}
        title={words.notFound.title}
        text={words.notFound.text}
        action={
          <Button tone="ink" onClick={() => navigate(paths.hallway)}>
            {words.notFound.action}
          </Button>
        }
      />
    </Page>
  );
}
