import type { BackchannelChoices, PushChoices, Request } from '@sotto/protocol';
import type { Choices, Reports, Requests } from '@sotto/sdk';
import { longAgo, monthOf } from '../words/dates.ts';
import { words } from '../words/index.ts';
import { sotto } from './sotto.ts';

export const requests = (): Requests => sotto.requests;
export const choices = (): Choices<BackchannelChoices> => sotto.choices;
export const pushChoices = (): Choices<PushChoices> => sotto.pushChoices;
export const reports = (): Reports => sotto.reports;

/** What is being asked: to write, or to come into a group. */
export const isInvitation = ({ conversation }: Request): boolean => conversation.kind === 'group';

/** The group's name where one is invited, else whoever asks. */
export const groupTitle = ({ conversation }: Request): string =>
  (conversation.kind === 'group' && conversation.title) || words.requests.aGroup;

/** What was written; empty for an invitation. */
export const textOf = ({ conversation }: Request): string =>
  conversation.last?.kind === 'message' ? conversation.last.message.text : '';

/** How a request came about (BC-12), nearest first, each in a person's words. */
export function provenanceOf({ provenance, from }: Request): string[] {
  const { mutual, room, joinedAt } = provenance;
  const names = mutual.people.map(person => person.name);
  const near =
    mutual.count === 0
      ? words.requests.stranger
      : names.length === 0
        ? words.requests.mutualCount(mutual.count)
        : words.requests.mutual(names, mutual.count - names.length);
  return [
    near,
    ...(room ? [words.requests.together(room.title || words.requests.aRoom, longAgo(room.at))] : []),
    from.newcomer ? words.requests.newHere : words.requests.joinedAt(monthOf(joinedAt)),
  ];
}
