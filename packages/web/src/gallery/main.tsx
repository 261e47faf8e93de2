import { createRoot } from 'react-dom/client';
import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import Search from 'lucide-react/icons/search';
import Send from 'lucide-react/icons/send';
import { useState } from 'react';
import { RoomCardView } from '../features/hallway/RoomCardView.tsx';
import { Stage } from '../features/room/Stage.tsx';
import { Button, RoundButton } from '../ui/Button.tsx';
import { Segmented, Switch } from '../ui/Choice.tsx';
import { CodeInput } from '../ui/CodeInput.tsx';
import { Face } from '../ui/Face.tsx';
import { AreaField, Field } from '../ui/Field.tsx';
import { steadyLevel } from '../ui/level.ts';
import { Menu } from '../ui/Menu.tsx';
import { Notes } from '../ui/Notes.tsx';
import { note } from '../ui/notes.ts';
import { Row } from '../ui/Row.tsx';
import { Sheet } from '../ui/Sheet.tsx';
import { Skeleton } from '../ui/Skeleton.tsx';
import { State } from '../ui/States.tsx';
import { cards, people, room } from './people.ts';

/** Every part of the hand on one page, for the eye. Served in development only. */
function Gallery() {
  const [code, setCode] = useState('123');
  const [on, setOn] = useState(true);
  const [tone, setTone] = useState<'a' | 'b'>('a');
  const [sheet, setSheet] = useState(false);
  return (
    <main style={{ maxWidth: 760, margin: '0 auto', padding: 20, display: 'grid', gap: 20 }}>
      <h1>Hallway</h1>
      {cards.map(card => (
        <RoomCardView key={card.id} card={card} here={card.id === 'b'} onEnter={() => {}} />
      ))}
      <Stage
        room={room}
        levelOf={id => steadyLevel(id === people[0]?.id ? 0.9 : id === people[2]?.id ? 0.35 : 0)}
        onPerson={() => setSheet(true)}
        onEveryone={() => {}}
      />
      <div style={{ display: 'flex', gap: 10, flexWrap: 'wrap' }}>
        <Button tone="voice" size="l">
          Open a room
        </Button>
        <Button tone="whisper">Accept</Button>
        <Button tone="ink">Ink</Button>
        <Button>Quiet</Button>
        <Button tone="danger">Leave quietly</Button>
        <Button busy>Busy</Button>
        <Button size="s">Small</Button>
        <RoundButton tone="whisper" label="Backchannel" icon={<Send />} count={3} />
        <RoundButton label="Search" icon={<Search />} count />
        <Menu
          label="More"
          icon={<Search />}
          items={[
            { label: 'Copy', onSelect: () => note('Copied.') },
            { label: 'Block', danger: true, onSelect: () => note('No', { tone: 'danger' }) },
          ]}
        />
      </div>
      <Field label="Name" value="Noor" onChange={() => {}} hint="A hint" />
      <Field
        label="Handle"
        prefix="@"
        value="noor"
        onChange={() => {}}
        error="Somebody already has this handle."
      />
      <AreaField label="About you" value="" onChange={() => {}} placeholder="A line or two" />
      <CodeInput
        label="Code"
        value={code}
        onChange={setCode}
        onComplete={() => {}}
        error="That’s not the code."
      />
      <Switch label="Sounds" hint="Quiet ones" checked={on} onChange={setOn} />
      <Segmented
        label="Who"
        value={tone}
        options={[
          { value: 'a', label: 'Everyone', hint: 'All of them' },
          { value: 'b', label: 'Nobody' },
        ]}
        onChange={setTone}
      />
      {people.slice(7, 13).map(person => (
        <Row
          key={person.id}
          lead={<Face id={person.id} name={person.name} size={50} />}
          title={person.name}
          text={`@${person.handle}`}
          aside="2 min"
          onPress={() => setSheet(true)}
        />
      ))}
      <Skeleton kind="card" rows={1} />
      <State
        icon={<Search />}
        title="It’s quiet out here"
        text="No rooms are live for you."
        action={<Button tone="voice">Open a room</Button>}
      />
      {sheet && (
        <Sheet
          title="Open a room"
          onClose={() => setSheet(false)}
          footer={
            <Button wide tone="voice" size="l">
              Go live
            </Button>
          }
        >
          <Field label="What’s it about?" value="" onChange={() => {}} />
        </Sheet>
      )}
      <Notes />
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(<Gallery />);
