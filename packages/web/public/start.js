// Runs before the first paint, so that a theme chosen by hand never flashes the other one.
let isKnown = false;
try {
  const theme = localStorage.getItem('sotto.appearance');
  if (theme === 'paper' || theme === 'evening') document.documentElement.dataset.theme = theme;
  isKnown = localStorage.getItem('sotto.here') === 'yes';
} catch {
  // Storage may be closed to us; then the system decides.
}

// What the app asks first is on its way while its script comes (see src/state/early.ts).
const opened = isKnown && /^\/backchannel\/([\da-f-]{36})$/.exec(location.pathname)?.[1];
const first = ['/v1/me'];
if (isKnown) first.push('/v1/conversations');
if (opened) first.push(`/v1/conversations/${opened}`, `/v1/conversations/${opened}/log?limit=50`);
window.sottoEarly = new Map();
for (const path of first) {
  const answer = fetch(path, { headers: { accept: 'application/json' } });
  answer.catch(() => {}); // Whoever takes it hears of it.
  window.sottoEarly.set(location.origin + path, answer);
}

// So is the code of a conversation.
const files = (opened && document.currentScript.dataset.conversation) || '';
for (const href of files.split(' ').filter(Boolean)) {
  const link = document.createElement('link');
  link.rel = href.endsWith('.css') ? 'preload' : 'modulepreload';
  if (link.rel === 'preload') link.as = 'style';
  link.crossOrigin = '';
  link.href = href;
  document.head.append(link);
}
