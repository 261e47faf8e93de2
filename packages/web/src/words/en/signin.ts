export const welcome = {
  title: 'Doors ajar, voices behind them.',
  text: 'Drop into live rooms, listen in, raise your hand. And whisper behind the scenes.',
  action: 'Come in',
  first: 'Nobody has signed in here yet. Whoever does first will run this place.',
  points: [
    { title: 'Rooms', text: 'Live talk you can walk into, and leave quietly.' },
    { title: 'Backchannel', text: 'A word behind the scenes, while the talk goes on.' },
  ],
};

export const signIn = {
  title: 'What’s your email or phone?',
  titleEmail: 'What’s your email?',
  text: 'We’ll send a 6-digit code. No password to remember.',
  label: 'Email or phone number',
  labelEmail: 'Email',
  placeholder: 'you@example.org or +44…',
  placeholderEmail: 'you@example.org',
  action: 'Send the code',
  missing: 'Type your email or phone number first.',
  phoneNeedsCountry: 'Start the number with + and the country code, as in +44.',
  notAnAddress: 'That doesn’t look like an email or a phone number.',
  codeTitle: 'Type the code',
  codeSent: (address: string) => `We sent 6 digits to ${address}.`,
  codePrinted: 'No mail is set up on this server: the code is in the terminal where it runs.',
  codeLabel: '6-digit code',
  again: 'Send a new code',
  againIn: (seconds: number) => `Send a new code in ${seconds} s`,
  sentAgain: 'A new code is on its way.',
  other: 'Use another address',
};

export const setup = {
  title: 'Who should people see?',
  text: 'You can change all of this later.',
  picture: 'Add a picture',
  changePicture: 'Change picture',
  removePicture: 'Remove picture',
  name: 'Name',
  namePlaceholder: 'Noor Haddad',
  nameMissing: 'Tell people what to call you.',
  handle: 'Handle',
  handleHint: 'How people find and mention you.',
  handleFree: 'It’s yours if you want it.',
  handleTaken: 'Somebody already has this handle.',
  handleChecking: 'Looking…',
  handleFormat: 'Three to 24 letters a–z, digits, dots or underscores, starting with a letter.',
  bio: 'About you',
  bioPlaceholder: 'A line or two, if you like.',
  action: 'That’s me',
  signOut: 'Sign out',
};

export const crop = {
  title: 'Place your picture',
  hint: 'Drag to move it. Arrow keys and + − work too.',
  zoom: 'Zoom',
  use: 'Use this',
  reading: 'Reading the picture…',
  unreadable: 'This file isn’t a picture your browser can read. Try a JPEG or PNG.',
  tooLarge: 'That picture is larger than 10 MB. Try a smaller one.',
};
