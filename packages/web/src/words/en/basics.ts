import { compact, list as lists, percents } from './forms.ts';

export const dir: 'ltr' | 'rtl' = 'ltr';
export const name = 'Sotto';

export const loading = 'Loading';
export const close = 'Close';

export const back = 'Back';
export const cancel = 'Cancel';

export const save = 'Save';
export const retry = 'Try again';

export const now = 'now';
export const you = 'You';

export const list = (items: string[]) => lists.format(items);
export const number = (n: number) => compact.format(n);

export const percent = (part: number) => percents.format(part);
export const errorUnknown = 'Something went wrong. Try again in a moment.';

export const errorOffline = 'You’re offline. This works again once there’s signal.';

export const errorUnreachable = 'The server doesn’t answer right now. Try again in a moment.';

export const offline = {
  banner: 'You’re offline. What you write goes out later.',
  reconnecting: 'Connecting again…',
  title: 'No signal',
  text: 'This hasn’t been opened on this device before, so there’s nothing to show yet.',
};

export const unavailable = 'That didn’t load';

export const crash = {
  title: 'This screen tripped',
  text: 'Nothing you wrote is lost. Reloading usually helps.',
  action: 'Reload',
};

export const notFound = {
  title: 'Nobody’s here',
  text: 'This page doesn’t exist, or it isn’t for you.',
  action: 'To the hallway',
};

export const update = { text: 'A new version is ready.', action: 'Refresh' };

export const nav = {
  label: 'Sotto',
  hallway: 'Hallway',
  backchannel: 'Backchannel',
  you: 'You',
  search: 'Search people',
  settings: 'Settings',
  unread: (n: number) => (n === 0 ? 'Backchannel' : `Backchannel, ${n} unread`),
  keys: 'Keyboard',
};
