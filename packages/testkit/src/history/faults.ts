import { APPS, type Cluster } from './cluster.ts';
import { type Device, pause } from './device.ts';
import type { Recorder } from './events.ts';
import type { SeededRandom } from './random.ts';

export interface Faults {
  /** How many there were so far, by name. */
  readonly counts: ReadonlyMap<string, number>;
  /** No new one; resolves when the last is mended. */
  stop(): Promise<void>;
}

interface Fault {
  name: string;
  /** Whether the bus, or the way to a client, may lose or hold back a word meanwhile. */
  lossy: boolean;
  run(random: SeededRandom): Promise<void>;
}

/** One after the other, in an order that follows from the seed; each kind comes before one comes again. */
export function startFaults(
  cluster: Cluster,
  devices: () => readonly Device[],
  recorder: Recorder,
  random: SeededRandom,
  restMs: readonly [number, number],
): Faults {
  const counts = new Map<string, number>();
  const kinds = faultsOf(cluster, devices);
  let running = true;

  async function all(): Promise<void> {
    while (running)
      for (const fault of shuffled(kinds, random)) {
        await pause(random.between(...restMs));
        if (!running) return;
        const what = `${fault.name} ${(counts.get(fault.name) ?? 0) + 1}`;
        counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
        recorder.add({ kind: 'fault', what, lossy: fault.lossy });
        await fault.run(random);
        recorder.add({ kind: 'mended', what });
      }
  }
  const done = all();
  // It is looked at when it is stopped.
  done.catch(() => undefined);
  return {
    counts,
    async stop() {
      running = false;
      await done;
    },
  };
}

function faultsOf(cluster: Cluster, devices: () => readonly Device[]): Fault[] {
  const someone = (random: SeededRandom) => random.pick(devices().filter(device => device.on));
  const some = (random: SeededRandom) => devices().filter(device => device.on && random.next() < 0.4);
  return [
    ...Array.from({ length: APPS }, (_, node) => ({
      name: `kill -9 of app ${node}`,
      lossy: true,
      run: (random: SeededRandom) => cluster.killApp(node, random.between(0, 600)),
    })),
    {
      name: 'app frozen',
      lossy: true,
      run: random => cluster.freezeApp(random.below(APPS), random.between(300, 1500)),
    },
    { name: 'database stopped', lossy: true, run: random => cluster.stopDatabase(random.between(100, 800)) },
    { name: 'database crashed', lossy: true, run: () => cluster.crashDatabase().then(() => pause(500)) },
    { name: 'NATS killed', lossy: true, run: random => cluster.killNats(random.between(100, 1000)) },
    { name: 'NATS frozen', lossy: true, run: random => cluster.freezeNats(random.between(300, 1500)) },
    ...['drop', 'twice', 'later'].map(fate => ({
      name: `events: ${fate}`,
      lossy: true,
      async run(random: SeededRandom) {
        const share = random.between(0.2, 0.7);
        cluster.bus.rule(() => (random.next() < share ? (fate as 'drop' | 'twice' | 'later') : 'deliver'));
        await pause(random.between(800, 2500));
        cluster.bus.rule(undefined);
      },
    })),
    {
      name: 'connections cut',
      lossy: true,
      async run(random) {
        const cut = some(random);
        for (const { relay } of cut) relay.cut('reset');
        await pause(random.between(100, 1000));
        for (const { relay } of cut) relay.mend();
      },
    },
    {
      name: 'connections silent',
      lossy: true,
      async run(random) {
        const relays = some(random).map(device => device.relay);
        for (const relay of relays) relay.cut('silence');
        await pause(random.between(300, 2500));
        for (const relay of relays) relay.mend();
      },
    },
    {
      name: 'half-open sockets',
      lossy: true,
      async run(random) {
        for (const device of some(random)) await device.abandon();
      },
    },
    {
      name: 'reply lost after the commit',
      lossy: false,
      async run(random) {
        const swallowed = Array.from({ length: 3 }, () =>
          someone(random).relay.swallowReplyTo(head =>
            /^POST \/v1\/conversations\/[^/]+\/messages /.test(head),
          ),
        );
        await Promise.race([Promise.all(swallowed), pause(1500)]);
      },
    },
  ];
}

function shuffled<T>(list: readonly T[], random: SeededRandom): T[] {
  return list
    .map(item => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
