import { tones } from './emoji.ts';
import { keptChoice } from './kept.ts';

const onOff = ['on', 'off'] as const;

export const appearance = keptChoice('appearance', ['system', 'paper', 'evening'], 'system');
export const sounds = keptChoice('sounds', onOff, 'on');
export const haptics = keptChoice('haptics', onOff, 'on');
/** Single keys that do something on every screen; off for whoever speaks to type (WCAG 2.2, 2.1.4). */
export const shortcuts = keptChoice('shortcuts', onOff, 'on');
/** Whether the hint that messages stay was read (BC-6). */
export const knowsPermanence = keptChoice('permanence', ['no', 'yes'], 'no');

/** The skin tone that emoji are picked in. */
export const emojiTone = keptChoice('emojiTone', tones, '');

/** Puts the chosen theme on the page; without a choice, the system's holds. */
export function applyAppearance(root: HTMLElement): void {
  const theme = appearance.getSnapshot();
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  turnAtOnce(root);
}

/** Day turns into evening: no background fades from the one while its text has the colour of the other already. */
export function turnAtOnce(root: HTMLElement): void {
  root.dataset.turning = '';
  requestAnimationFrame(() => requestAnimationFrame(() => delete root.dataset.turning));
}
