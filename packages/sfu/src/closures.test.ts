import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connectAudio } from '@sotto/sdk/node';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type JoinResult, startMediaNode } from './index.ts';
import { heard, join, LIMIT, ROOM, record, SILENCE, speech, startNode, tearDown } from './test/harness.ts';
import { startWire } from './test/wire.ts';

afterEach(tearDown);

describe('who closes what', () => {
  it('AU-7 a node that stops says so, and audio goes on at another', async () => {
    const [old, other] = [await startNode(), await startNode()];
    const up = record(old, 'connected');
    const ana = await join(old, 'ana', false);
    // The client may be up before the node is, which says goodbye only to whom it has met.
    await vi.waitFor(() => expect(up).toHaveLength(1), LIMIT);
    await old.stop();
    expect(await ana.ended).toBe('closed');
    const again = await join(other, 'ana', false);
    const ben = await join(other, 'ben', true);
    ben.speak(speech);
    await vi.waitFor(() => expect(heard(again, 'ben')).toBeGreaterThan(5), LIMIT);
  });

  it('AU-7 a node that is killed is noticed by its sessions, which are heard again at another', async () => {
    const other = await startNode();
    const listener = await join(other, 'listener', false);
    const doomed = fork(new URL('./test/nodeProcess.ts', import.meta.url), { execArgv: [] });
    await once(doomed, 'message');
    const session = await connectAudio({
      offerTo: async offer => {
        const answered = once(doomed, 'message');
        doomed.send({ roomId: ROOM, participantId: 'ana', offer, onStage: true, maySpeak: true });
        const [result]: JoinResult[] = await answered;
        return { answer: result?.answer ?? '' };
      },
    });
    doomed.kill('SIGKILL');
    expect(await session.ended).toBe('lost');
    const again = await join(other, 'ana', true);
    again.speak(speech);
    await vi.waitFor(() => expect(heard(listener, 'ana')).toBeGreaterThan(5), LIMIT);
  });

  it('AU-7 a draining node takes no new sessions, keeps those it has, and says which rooms to move', async () => {
    const node = await startNode();
    const draining = record(node, 'draining');
    const [ana, ben] = [await join(node, 'ana', true), await join(node, 'ben', false)];
    node.drain();
    expect(draining).toEqual([{ rooms: [ROOM] }]);
    await expect(join(node, 'cleo', false)).rejects.toMatchObject({ code: 'draining' });
    ana.speak(speech);
    await vi.waitFor(() => expect(heard(ben, 'ana')).toBeGreaterThan(5), LIMIT);
    expect(node.stats().draining).toBe(true);
  });

  it('AU-7 a full or stopped node refuses', async () => {
    const node = await startNode({ maxSessions: 1 });
    await join(node, 'ana', true);
    await expect(join(node, 'ben', true)).rejects.toMatchObject({ code: 'full' });
    await join(node, 'ana', true);
    await node.stop();
    await expect(join(node, 'ana', true)).rejects.toMatchObject({ code: 'closed' });
  });

  it('AU-7 a second join replaces the first', async () => {
    const node = await startNode();
    const closed = record(node, 'closed');
    const first = await join(node, 'ana', true);
    const second = await join(node, 'ana', true);
    // The word that it is over is one datagram: where it is lost, the client notices by itself.
    expect(['closed', 'lost']).toContain(await first.ended);
    expect(closed).toMatchObject([{ participantId: 'ana', reason: 'replaced' }]);
    const ben = await join(node, 'ben', false);
    second.speak(speech);
    await vi.waitFor(() => expect(heard(ben, 'ana')).toBeGreaterThan(5), LIMIT);
    expect(node.stats().sessions).toBe(2);
  });

  it('AU-7 a session that never connects is closed after 3 s, one that leaves at once', async () => {
    const node = await startNode();
    const closed = record(node, 'closed');
    let offer = '';
    const ana = await join(node, 'ana', false, {
      onOffer: made => {
        offer = made;
      },
    });
    await vi.waitFor(() => expect(node.stats().packetsOut + node.stats().sessions).toBe(1), LIMIT);
    await node.join({ roomId: ROOM, participantId: 'ghost', offer, onStage: true, maySpeak: true });
    await vi.waitFor(
      () => expect(closed).toMatchObject([{ participantId: 'ghost', reason: 'timeout' }]),
      LIMIT,
    );
    ana.close();
    await vi.waitFor(() => expect(closed[1]).toMatchObject({ participantId: 'ana', reason: 'left' }), LIMIT);
    expect(node.stats()).toMatchObject({ sessions: 0, rooms: 0 });
  });

  it('AU-8 who may speak and sends nothing is told so, once', async () => {
    const node = await startNode();
    const silent = record(node, 'silentUplink');
    const [ana] = [await join(node, 'ana', true), await join(node, 'listener', false)];
    await vi.waitFor(() => expect(silent).toMatchObject([{ participantId: 'ana' }]), LIMIT);
    ana.send({ frame: SILENCE, level: 127 });
    await vi.waitFor(() => expect(silent).toHaveLength(2), LIMIT);
  });

  it('AU-7 a room that ended is told as closed, though DTLS may end before the word of it comes', async () => {
    const node = await startNode();
    // Whether DTLS says its end is up to the library: of so many sessions one hears it.
    const names = Array.from({ length: 12 }, (_, n) => `guest ${n}`);
    const sessions = [];
    for (const name of names) {
      const wire = await startWire(node.port);
      onTestFinished(() => wire.close());
      const session = await join(node, name, false, { wire });
      sessions.push({ wire, session });
    }
    for (const { wire } of sessions) wire.delayMedia(200);
    node.closeRoom(ROOM, 'room_ended');
    const ends = await Promise.all(sessions.map(({ session }) => session.ended));
    expect(ends).toEqual(names.map(() => 'closed'));
  });

  it('a room that ended closes its sessions and is forgotten', async () => {
    const node = await startNode();
    const closed = record(node, 'closed');
    const [ana, ben] = [await join(node, 'ana', true), await join(node, 'ben', false)];
    node.closeRoom(ROOM, 'room_ended');
    expect(closed.map(event => event.reason)).toEqual(['room_ended', 'room_ended']);
    expect(await Promise.all([ana.ended, ben.ended])).toEqual(['closed', 'closed']);
    expect(node.stats()).toMatchObject({ sessions: 0, rooms: 0 });
  });
});

describe('starting a media node', () => {
  it('a port that is taken is said, and the process lives', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>(resolve => socket.bind(0, resolve));
    const { port } = socket.address();
    await expect(startMediaNode({ port, announce: ['127.0.0.1'] })).rejects.toMatchObject({
      code: 'port_in_use',
      field: 'port',
    });
    socket.close();
    const node = await startNode();
    await expect(startMediaNode({ port: node.port, announce: ['127.0.0.1'] })).rejects.toMatchObject({
      code: 'port_in_use',
    });
  });

  it.each([
    ['port', { port: 70_000 }],
    ['announce', { announce: [] }],
    ['announce', { announce: ['example.org'] }],
    ['bind', { bind: 'nowhere' }],
    ['slots', { slots: 0 }],
    ['maxSessions', { maxSessions: 0.5 }],
  ])('a bad %s is named', async (field, options) => {
    const started = startMediaNode({ port: 0, announce: ['127.0.0.1'], ...options });
    await expect(started).rejects.toMatchObject({ code: 'bad_option', field });
  });
});
