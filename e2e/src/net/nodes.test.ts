import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerFrame } from '@sotto/protocol';
import { newId, until } from '@sotto/sdk';
import { bundledTone, connectAudio } from '@sotto/sdk/node';
import {
  acquaint,
  eventually,
  hasNats,
  makePerson,
  type NetworkPerson,
  type ServerProcess,
  type SharedDatabase,
  serverProcess,
  settle,
  sharedDatabase,
  signIn,
  startClient,
  startNats,
  type TestNats,
} from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectTexts, openTalk } from './talk.ts';

const found = hasNats();

describe.skipIf(!found)(
  found ? 'two processes on one NATS' : 'two processes on one NATS: left out, there is no nats-server here',
  () => {
    let folder: string;
    let database: SharedDatabase;
    let nats: TestNats;
    let nodes: [ServerProcess, ServerProcess];
    const people: NetworkPerson[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sotto-nodes-'));
      database = await sharedDatabase();
      nats = await startNats();
      const env = { DATABASE_URL: database.url, NATS_URL: nats.url };
      const first = await serverProcess(join(folder, 'all'), env);
      nodes = [first, await serverProcess(join(folder, 'app'), { ...env, ROLE: 'app' })];
    });
    afterAll(async () => {
      for (const each of people) await each.stop();
      for (const node of nodes ?? []) await node.stop();
      await nats?.stop();
      await database?.drop();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    let count = 0;
    const person = async (node: 0 | 1): Promise<NetworkPerson> => {
      count += 1;
      const { url } = nodes[node];
      const made = await makePerson({ url, mailbox: nodes[node], name: `Ines ${count}` });
      people.push(made);
      return made;
    };
    const ready = async (node: 0 | 1): Promise<Record<string, string>> =>
      (await (await fetch(`${nodes[node].url}/readyz`)).json()) as Record<string, string>;

    it('each says what it is, and is ready for what it does', async () => {
      expect(nodes[0].lines.join('\n')).toContain(
        `This node hears the other nodes by NATS at 127.0.0.1:${nats.port}`,
      );
      expect(nodes[1].lines.join('\n')).toContain('has no live audio');
      expect(await ready(0)).toEqual({ status: 'ready', database: 'ok', bus: 'ok', audio: 'ok' });
      expect(await ready(1)).toEqual({ status: 'ready', database: 'ok', bus: 'ok' });
    });

    it('RT-6 a message written at one reaches the sockets of the other at once, both ways', async () => {
      const [ines, juno] = [await person(0), await person(1)];
      const talk = await openTalk(ines.sotto, juno.sotto);
      talk.stores[0].send('to the other');
      await expectTexts(talk, ['to the other'], 5000);
      talk.stores[1].send('and back');
      await expectTexts(talk, ['to the other', 'and back'], 5000);
      await settle([ines, juno]);
    });

    it('RT-9 a session ended at one closes its socket at the other within 2 s, and its token is worth nothing there', async () => {
      const ines = await person(0);
      const other = await signIn(nodes[0].url, ines.address, nodes[0].code);
      const there = await startClient({ baseUrl: nodes[1].url, token: other.token });
      await there.call('GET /v1/me');
      await ines.call('DELETE /v1/me/sessions');
      const over = ({ state }: { state: string }) => state === 'signedOut' || state === 'off';
      await until(there.connection, over, AbortSignal.timeout(2000));
      await expect(there.call('GET /v1/me')).rejects.toMatchObject({ code: 'not_signed_in' });
      there.stop();
    });

    it('RT-9 BC-2 BC-3 taken out, down from the stage, or blocked by way of one, the sockets of the other hear it within 2 s, and nothing after it', async () => {
      const [anna, cara, ben] = [await person(0), await person(0), await person(1)];
      await acquaint(anna, cara, ben);
      const frames: ServerFrame[] = [];
      ben.sotto.onFrame(frame => void frames.push(frame));
      const heard = (is: (frame: ServerFrame) => boolean, limit: number) =>
        eventually(() => expect(frames.some(is)).toBe(true), { limit });
      const isText = (text: string) => (frame: ServerFrame) => JSON.stringify(frame).includes(text);
      const isGone = (id: string) => (frame: ServerFrame) =>
        frame.type === 'conversationGone' && frame.conversation === id;
      const say = (who: NetworkPerson, conversation: string, text: string) =>
        who.call('POST /v1/conversations/:conversation/messages', {
          params: { conversation },
          body: { clientId: newId(), text },
        });

      const group = await anna.call('POST /v1/groups', {
        body: { clientId: newId(), title: 'Garden', people: [cara.id, ben.id] },
      });
      await say(cara, group.id, 'in the group before');
      await heard(isText('in the group before'), 20_000);
      await anna.call('DELETE /v1/groups/:conversation/people/:account', {
        params: { conversation: group.id, account: ben.id },
      });
      await say(cara, group.id, 'in the group after');
      await heard(isGone(group.id), 2000);

      const { info: room } = await anna.call('POST /v1/rooms', {
        body: { title: 'Porch', device: 'porch-anna' },
      });
      await ben.call('POST /v1/rooms/:room/enter', {
        params: { room: room.id },
        body: { device: 'porch-ben' },
      });
      await anna.call('PUT /v1/rooms/:room/invitations/:account', {
        params: { room: room.id, account: ben.id },
      });
      await ben.call('POST /v1/rooms/:room/invitation/accept', { params: { room: room.id } });
      const { stage } = await anna.call('GET /v1/rooms/:room/talk', { params: { room: room.id } });
      const onStage = stage?.id ?? '';
      await say(anna, onStage, 'on stage before');
      await heard(isText('on stage before'), 20_000);
      await anna.call('POST /v1/rooms/:room/people/:account/move-down', {
        params: { room: room.id, account: ben.id },
      });
      await say(anna, onStage, 'on stage after');
      await heard(isGone(onStage), 2000);

      const direct = await cara.call('PUT /v1/conversations/direct/:account', {
        params: { account: ben.id },
      });
      await say(cara, direct.id, 'between us before');
      await heard(isText('between us before'), 20_000);
      await ben.call('PUT /v1/people/:account/block', { params: { account: cara.id } });
      await expect(say(cara, direct.id, 'between us after')).rejects.toMatchObject({
        code: 'cannot_message',
      });

      // What was told before this has been told.
      const last = await anna.call('PUT /v1/conversations/direct/:account', { params: { account: ben.id } });
      await say(anna, last.id, 'and good night');
      await heard(isText('and good night'), 20_000);
      expect(frames.filter(isText(' after'))).toEqual([]);
    });

    it('RT-9 who is muted by way of a node without audio is not heard on the one that has it', async () => {
      const [ines, juno] = [await person(0), await person(1)];
      const room = (await ines.sotto.rooms.open({ title: 'Tides' })).info.id;
      await juno.sotto.rooms.enter(room);
      const offerTo = (url: string) => (offer: string) =>
        fetch(`${url}/v1/rooms/${room}/audio`, {
          method: 'POST',
          headers: { authorization: `Bearer ${ines.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ device: ines.sotto.rooms.device, offer }),
        }).then(async response => {
          if (!response.ok) throw new Error(await response.text());
          return (await response.json()) as { session: string; answer: string };
        });
      await expect(connectAudio({ offerTo: offerTo(nodes[1].url) })).rejects.toThrow('audio_full');

      const voice = await connectAudio({ offerTo: offerTo(nodes[0].url) });
      const metric = async (name: string): Promise<number> => {
        const text = await (await fetch(`${nodes[0].url}/metrics`)).text();
        return Number(
          text
            .split('\n')
            .find(line => line.startsWith(name))
            ?.split(' ')[1] ?? 0,
        );
      };
      const dropped = () => metric('sotto_audio_packets_dropped_total{reason="not_permitted"}');
      const received = () => metric('sotto_audio_packets_received_total');
      const viaApp = (muted: boolean) =>
        fetch(`${nodes[1].url}/v1/rooms/${room}/mute`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${ines.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ muted }),
        }).then(response => expect(response.ok).toBe(true));
      await viaApp(false);
      voice.speak(await bundledTone(), { loop: true, level: 20 });
      await eventually(async () => (await received()) > 20);
      await viaApp(true);
      const before = await dropped();
      await eventually(async () => (await dropped()) > before + 10, { limit: 2000 });
      await viaApp(false);
      voice.close();
      await ines.sotto.rooms.leave();
    });

    it('RT-5 RT-6 NATS is killed and comes back: what was written meanwhile is everywhere within seconds, nothing twice', async () => {
      const [ines, juno] = [await person(0), await person(1)];
      const talk = await openTalk(ines.sotto, juno.sotto);
      talk.stores[0].send('before');
      await expectTexts(talk, ['before']);

      await nats.stop('SIGKILL');
      await eventually(async () => (await ready(0)).bus === 'failing' && (await ready(1)).bus === 'failing');
      // Acknowledged by its own node, though the other cannot hear of it.
      for (const text of ['one', 'two', 'three']) {
        talk.stores[0].send(text);
        await eventually(() => talk.stores[0].getSnapshot().pending.length === 0);
      }
      expect(talk.stores[1].getSnapshot().entries).toHaveLength(1);

      await nats.start();
      await expectTexts(talk, ['before', 'one', 'two', 'three'], 10_000);
      await eventually(async () => (await ready(0)).bus === 'ok' && (await ready(1)).bus === 'ok');
      talk.stores[1].send('after');
      await expectTexts(talk, ['before', 'one', 'two', 'three', 'after'], 5000);
      await settle([ines, juno]);
    });

    it('RT-9 a session that ends while NATS is away is over everywhere once it is back', async () => {
      const ines = await person(0);
      const other = await signIn(nodes[0].url, ines.address, nodes[0].code);
      const there = await startClient({ baseUrl: nodes[1].url, token: other.token });
      await nats.stop('SIGKILL');
      await ines.call('DELETE /v1/me/sessions');
      expect(there.connection.getSnapshot().state).toBe('open');
      await nats.start();
      const over = ({ state }: { state: string }) => state === 'signedOut' || state === 'off';
      await until(there.connection, over, AbortSignal.timeout(10_000));
      there.stop();
    });
  },
);
