import { createStore } from '../stores/store.ts';
import type { AudioService } from './parts.ts';
import type { AudioView } from './types.ts';

/** Where there is no WebRTC: rooms can be seen, and not heard. */
export function noAudio(): AudioService {
  const view = createStore<AudioView>({
    connection: { state: 'failed', error: 'unsupported' },
    microphone: { state: 'missing' },
    input: null,
    output: null,
    noiseSuppression: true,
    volumes: {},
  });
  return {
    handle() {},
    stop() {},
    audio: {
      getSnapshot: view.getSnapshot,
      subscribe: view.subscribe,
      level: createStore(0),
      prepare: async () => false,
      unmute: async () => false,
      mute: async () => {},
      check: async () => () => {},
      unlock: async () => {},
      retry() {},
      devices: async () => ({ inputs: [], outputs: [] }),
      setInput: async () => {},
      setOutput: async () => {},
      setNoiseSuppression: async () => {},
      setVolume() {},
      stats: async () => ({
        totalAudioEnergy: 0,
        packetsReceived: 0,
        packetsLost: 0,
        packetsSent: 0,
        jitterBufferDelay: 0,
        concealedSamples: 0,
      }),
    },
  };
}
