/** What notifications say, and the settings about them. In a file of its own: the service worker has it too. */
export const push = {
  app: 'Sotto',
  something: 'There’s something new.',
  messages: (n: number) => (n === 1 ? 'New message' : `${n} new messages`),
  by: (name: string, text: string) => `${name}: ${text}`,
  what: { image: 'Photo', video: 'Video', voice: 'Voice note', card: 'Shared something' },
};
