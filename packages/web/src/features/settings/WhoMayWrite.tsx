import type { BackchannelChoices } from '@sotto/protocol';
import { useEffect } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { choices } from '../../state/requests.ts';
import { Segmented, Switch } from '../../ui/Choice.tsx';
import { Failed } from '../../ui/Failed.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import { type Held, HeldLists } from './HeldLists.tsx';

/** Who may write, receipts, and what is held back (BC-15, BC-8, BC-17). */
export function WhoMayWrite() {
  const now = useReadable(choices());
  const load = useAction(() => choices().load());
  const { start } = load;
  useEffect(() => start(), [start]);
  if (!now && load.error !== undefined)
    return <Failed text={`${words.requests.choicesFailed} ${wordsFor(load.error)}`} onRetry={start} />;
  if (!now) return <Skeleton kind="row" rows={2} />;
  return <Chosen now={now} />;
}

function Chosen({ now }: { now: BackchannelChoices }) {
  const keep = async (held: Held): Promise<Held> => {
    const { heldWords, heldHosts } = await choices().change({ heldWords: held.words, heldHosts: held.hosts });
    return { words: heldWords, hosts: heldHosts };
  };
  const change = (changes: Partial<BackchannelChoices>) => attempt(choices().change(changes));
  return (
    <>
      <Segmented
        label={words.requests.who}
        labelHidden
        value={now.whoMayWrite}
        onChange={whoMayWrite => change({ whoMayWrite })}
        options={[
          { value: 'everyone', label: words.requests.everyone, hint: words.requests.everyoneHint },
          { value: 'following', label: words.requests.following, hint: words.requests.followingHint },
          { value: 'nobody', label: words.requests.nobody, hint: words.requests.nobodyHint },
        ]}
      />
      <Switch
        label={words.requests.receipts}
        hint={words.requests.receiptsHint}
        checked={now.receipts}
        onChange={receipts => change({ receipts })}
      />
      <HeldLists
        held={{ words: now.heldWords, hosts: now.heldHosts }}
        onSave={keep}
        wordsLabel={words.requests.words}
        hostsLabel={words.requests.hosts}
        hostsHint={words.requests.hostsHint}
      />
    </>
  );
}
