/** What a person chose for sound on this device. */
export interface AudioChoices {
  input: string | null;
  output: string | null;
  noiseSuppression: boolean;
  volumes: Readonly<Record<string, number>>;
}

const KEY = 'sotto.audio';
const defaults: AudioChoices = { input: null, output: null, noiseSuppression: true, volumes: {} };

export function loadChoices(): AudioChoices {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<AudioChoices>;
    return { ...defaults, ...kept };
  } catch {
    return defaults;
  }
}

export function keepChoices(choices: AudioChoices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Refused or full: they hold until the page is closed.
  }
}
