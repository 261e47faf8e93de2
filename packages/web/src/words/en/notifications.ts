/** The settings about notifications. */
export const notifications = {
  title: 'Notifications',
  intro: 'Be told of messages while Sotto is closed. Requests stay quiet.',
  switch: 'Notify me on this device',
  install:
    'On this phone, add Sotto to the home screen first: Share, then “Add to Home Screen”. Then open it from there.',
  unsupported: 'This browser can’t be notified.',
  insecure: 'Browsers notify only over https. This address is not.',
  denied:
    'You’ve blocked notifications for Sotto. Allow them in the browser’s settings for this site, then come back.',
  failed: 'The browser’s notification service didn’t answer. Try again later.',
  direct: 'Direct messages',
  groups: 'Messages in groups',
  mentions: 'When someone names you',
  mentionsHint: 'By @handle, in groups and in the talk of a room.',
  hideText: 'Hide the text',
  hideTextHint: 'A notification says who wrote, not what.',
  quiet: 'Quiet hours',
  quietHint: 'Nothing is shown then. What’s still unread after them comes without a sound.',
  from: 'From',
  to: 'To',
  zone: (name: string) => `By the clock in ${name}.`,
  error: 'Your choices didn’t load.',
};
