import MonitorCog from 'lucide-react/icons/monitor-cog';
import Moon from 'lucide-react/icons/moon';
import Sun from 'lucide-react/icons/sun';
import { type ReactNode, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { appearance, haptics, shortcuts, sounds } from '../../state/prefs.ts';
import { paths } from '../../state/route.ts';
import { session } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented, Switch } from '../../ui/Choice.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { useMedia } from '../../ui/useMedia.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { OwnReports } from '../reports/OwnReports.tsx';
import { useMe } from '../shell/me.ts';
import { Page } from '../shell/Page.tsx';
import { play } from '../shell/signals.ts';
import { AudioSettings } from './AudioSettings.tsx';
import { Blocks } from './Blocks.tsx';
import { ConsoleLink } from './ConsoleLink.tsx';
import { Notifications } from './Notifications.tsx';
import { Sessions } from './Sessions.tsx';
import styles from './Settings.module.css';
import { WhoMayWrite } from './WhoMayWrite.tsx';

export function Settings() {
  const me = useMe();
  const theme = useReadable(appearance);
  const sound = useReadable(sounds);
  const haptic = useReadable(haptics);
  const keys = useReadable(shortcuts);
  const finger = useMedia('(pointer: coarse)');
  const [leaving, setLeaving] = useState(false);
  return (
    <Page title={words.settings.title} back={paths.you}>
      <div className={styles.settings}>
        <Group title={words.settings.appearance}>
          <Segmented
            label={words.settings.theme}
            labelHidden
            value={theme}
            onChange={appearance.set}
            options={[
              { value: 'system', label: words.settings.system, icon: <MonitorCog /> },
              { value: 'paper', label: words.settings.paper, icon: <Sun /> },
              { value: 'evening', label: words.settings.evening, icon: <Moon /> },
            ]}
          />
        </Group>
        <Group title={words.settings.audio}>
          <AudioSettings />
        </Group>
        <Group title={words.notifications.title}>
          <Notifications />
        </Group>
        <Group title={words.settings.feedback}>
          <Switch
            label={words.settings.sounds}
            hint={words.settings.soundsHint}
            checked={sound === 'on'}
            onChange={on => {
              sounds.set(on ? 'on' : 'off');
              if (on) play('rise');
            }}
          />
          {'vibrate' in navigator && finger && (
            <Switch
              label={words.settings.haptics}
              hint={words.settings.hapticsHint}
              checked={haptic === 'on'}
              onChange={on => haptics.set(on ? 'on' : 'off')}
            />
          )}
        </Group>
        <Group title={words.settings.keyboard}>
          <Switch
            label={words.settings.shortcuts}
            hint={words.settings.shortcutsHint}
            checked={keys === 'on'}
            onChange={on => shortcuts.set(on ? 'on' : 'off')}
          />
        </Group>
        <Group title={words.settings.sessions}>
          <Sessions />
        </Group>
        <Group title={words.requests.whoTitle}>
          <WhoMayWrite />
        </Group>
        <Group title={words.reports.own}>
          <OwnReports />
        </Group>
        <Group title={words.settings.blocks}>
          <Blocks />
        </Group>
        <Group title={words.settings.account}>
          <p className={styles.muted}>
            {words.settings.signedInAs} <bdi dir="ltr">@{me.handle}</bdi>
            {me.addresses.map(({ address }) => (
              <span key={address}>
                {' · '}
                <bdi dir="ltr">{address}</bdi>
              </span>
            ))}
          </p>
          {me.admin && <p className={styles.muted}>{words.settings.admin}</p>}
          {me.admin && <ConsoleLink />}
          <Button tone="danger" onClick={() => setLeaving(true)}>
            {words.settings.signOut}
          </Button>
        </Group>
      </div>
      {leaving && (
        <Confirm
          title={words.settings.signOutAsk}
          text={words.settings.signOutText}
          action={words.settings.signOut}
          explain={wordsFor}
          onConfirm={() => session.signOut()}
          onClose={() => setLeaving(false)}
        />
      )}
    </Page>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.group}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
