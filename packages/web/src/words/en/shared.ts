/** What another app shared, and where it is to go. */
export const shared = {
  title: 'Send to…',
  what: 'What you’re sharing',
  origin: 'It came from another app or page. Nothing is sent until you press Send.',
  tooHeavy: (name: string, mb: number) =>
    `“${name}” was left out: one share brings ${mb} MB in all. Send it by itself.`,
  find: 'Search people and conversations',
  placeholder: 'Name or handle',
  recent: 'Recent conversations',
  people: 'People',
  cancel: 'Don’t send it',
  nothingTitle: 'Nothing to send',
  nothingText: 'Share a picture or a link from another app with Sotto, and choose here who gets it.',
  noneTitle: 'None of that can be sent',
  lostTitle: 'That didn’t come through',
  lostText: 'Nothing of it was kept. Share it once more from the other app.',
  earlier: 'To what you shared before',
  failedTitle: 'What you shared didn’t load',
  action: 'To the Backchannel',
};
