import type { BackchannelChoices } from '@sotto/protocol';
import { choices } from '../../state/requests.ts';
import { Segmented, Switch } from '../../ui/Choice.tsx';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import { type Held, HeldLists } from './HeldLists.tsx';
import { WithChoices } from './WithChoices.tsx';

/** Who may write, receipts, and what is held back (BC-15, BC-8, BC-17). */
export function WhoMayWrite() {
  return (
    <WithChoices choices={choices()} failed={words.requests.choicesFailed}>
      {now => <Chosen now={now} />}
    </WithChoices>
  );
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
