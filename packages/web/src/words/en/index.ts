/* English. Each part is bundled with the screens that say it: what the first load needs stands in files of its own. */

export * from './basics.ts';
export { conversation } from './conversation.ts';
export { errors } from './errors.ts';
export { locale } from './forms.ts';
export { compose, group } from './group.ts';
export { hallway } from './hallway.ts';
export { headings, notices, unnamed } from './headings.ts';
export { inRoom, microphone } from './in-room.ts';
export { archive, inbox, messageSearch, place } from './inbox.ts';
export { notifications } from './notifications.ts';
export { people, profile } from './people.ts';
export { console, reports } from './reports.ts';
export { requests } from './requests.ts';
export { openRoom, room } from './room.ts';
export { keys, settings } from './settings.ts';
export { shared } from './shared.ts';
export { crop, setup, signIn, welcome } from './signin.ts';
export { share, talk } from './talk.ts';
