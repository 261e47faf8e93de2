import { numbers } from './forms.ts';

/* What is said of screens and conversations before they are opened; their own words repeat it. */

/** What a window is called. */
export const headings = {
  requests: 'Requests',
  console: 'Console',
  people: 'Find people',
  settings: 'Settings',
};

/** What a conversation or somebody in it is called where there is no name. */
export const unnamed = {
  someone: 'Someone',
  everyone: 'Everyone',
  stage: 'On stage',
  stageOf: (room: string) => `On stage: ${room}`,
  group: 'Group',
  others: (n: number) => (n === 1 ? 'one more' : `${numbers.format(n)} more`),
};

/** Of requests and reports, what the inbox and the shell say. */
export const notices = {
  rowCount: (n: number) => `${numbers.format(n)} waiting`,
  heard: (name: string) => `Your report about ${name} was decided.`,
};
