import type { ErrorCode } from '@sotto/protocol';
import { many, moment, wait } from './forms.ts';

/** What went wrong, and what to do next, for each code that the server can answer with. */
export const errors: Record<
  ErrorCode | 'file_unreadable',
  string | ((details: Record<string, unknown>) => string)
> = {
  invalid_input: 'Something in there isn’t quite right. Please check it and try again.',
  not_signed_in: 'You’ve been signed out. Sign in again to go on.',
  forbidden: 'You’re not allowed to do that.',
  origin_not_allowed:
    'This page was opened from an address the server doesn’t know. Open Sotto at its own address.',
  profile_incomplete: 'Pick a handle and a name first.',
  not_found: 'That isn’t here any more, or it isn’t for you.',
  too_large: 'That’s too big to send.',
  unsupported_media_type: 'That kind of file can’t be used here.',
  rate_limited: details => `That was a lot, quickly. Try again in ${wait(Number(details.retryAfter) || 10)}.`,
  internal: 'Something broke on our side. Try again in a moment.',
  unavailable: 'The server is catching its breath. Try again in a moment.',
  code_wrong: details =>
    Number(details.triesLeft) > 0
      ? `That’s not the code. ${many(Number(details.triesLeft), 'try', 'tries')} left.`
      : 'That’s not the code, and that was the last try. Ask for a new one.',
  code_expired: 'This code has run out. Ask for a new one.',
  delivery_failed: 'The code couldn’t be sent there. Check the address and try again.',
  push_endpoint_refused:
    'This browser’s notification service cannot be reached from this server, so it cannot notify you here.',
  handle_taken: 'Somebody already has this handle.',
  picture_rejected: details =>
    details.reason === 'too_many_pixels'
      ? 'That picture has too many pixels. Try a smaller one.'
      : details.reason === 'damaged'
        ? 'That picture seems damaged. Try another one.'
        : 'That isn’t a picture we can use. Try a JPEG or PNG.',
  attachment_rejected: details => rejected[String(details.reason)] ?? 'That file can’t be sent.',
  file_unreadable: 'That file can’t be read any more. Was it moved or deleted? Add it again.',
  attachment_unknown: 'That file is no longer waiting here. Add it again.',
  upload_offset: 'The upload lost its place. Try again.',
  not_yourself: 'That only works with somebody else.',
  room_ended: 'This room is over.',
  not_in_room: 'You’re not in this room any more.',
  kept_out: 'A moderator has asked you to stay out of this room.',
  moderators_only: 'Only moderators of this room can do that.',
  stage_only: 'They’re not on stage any more.',
  already_on_stage: 'Already on stage.',
  stage_full: 'The stage is full. Somebody has to come down first.',
  stage_locked: 'The moderators have locked the stage.',
  not_invited: 'The invitation has been withdrawn.',
  hands_off: details =>
    details.mode === 'followed'
      ? 'Only people whom a speaker follows can raise a hand here.'
      : 'The moderators aren’t taking hands right now.',
  not_reachable: 'They don’t follow you, so you can’t call them in.',
  bad_offer: 'Audio couldn’t be set up with this browser. Reload the page and try again.',
  audio_full: 'The audio server is full. Try again in a moment.',
  cannot_message: 'You can’t write to each other.',
  request_waiting: 'Your request is with them. You can write more once they accept it.',
  request_text_only: details =>
    `A first message to someone who doesn’t know you is text only, at most ${Number(details.maxCharacters) || 500} characters.`,
  search_too_slow: 'There’s too much to look through for that. Try more or longer words.',
  request_limit: details =>
    requestLimit(String(details.limit), Number(details.max), Number(details.retryAfter)),
  reply_unknown: 'The message you’re answering isn’t here any more.',
  card_unknown: 'What you’re sharing isn’t here any more, or it isn’t for you.',
  talk_off: 'The moderators have switched the talk off.',
  slow_mode: details => `The talk is slowed down. Try again in ${wait(Number(details.retryAfter) || 5)}.`,
  frozen: 'The room is over. Its talk can still be read.',
  silenced: details =>
    `You can’t write until ${moment(details.until)}: the people who run this place said so.`,
  suspended: details =>
    `Your account is suspended until ${moment(details.until)} by the people who run this place.`,
  group_admins_only: 'Only the owner or an admin of this group can do that.',
  group_full: details => `The group is full: ${many(Number(details.max), 'person fits', 'people fit')}.`,
  too_many_pinned: details =>
    `You can pin ${many(Number(details.max), 'conversation', 'conversations')}. Unpin one first.`,
  too_many_reactions: 'No more different reactions fit under this message.',
  report_decided: 'Somebody has already decided this report.',
  nothing_to_hide: 'This report isn’t about a message.',
  client_id_reused: 'This message was already sent with other words. Write it again.',
};

function requestLimit(limit: string, max: number, retryAfter: number): string {
  const when = `You can ask someone new again in ${wait(retryAfter || 3600)}.`;
  const most = many(max, 'request', 'requests');
  if (limit === 'new_account') return `New here, you can send ${most} a day. ${when}`;
  if (limit === 'few_accepted')
    return `Few of your requests were accepted, so it’s ${most} a day for now. ${when}`;
  return `That was ${most} today. ${when}`;
}

/** Why a file was turned away. */
const rejected: Record<string, string> = {
  type: 'That kind of file can’t be sent. Pictures, videos (MP4, MOV, WebM) and voice notes can.',
  damaged: 'That file seems damaged. Try another one.',
  too_large: 'That file is too big to send.',
  too_many_pixels: 'That picture has too many pixels. Try a smaller one.',
  too_long: 'That is too long: a video may take 3 minutes, a voice note 5.',
  empty: 'There is nothing in that file.',
};
