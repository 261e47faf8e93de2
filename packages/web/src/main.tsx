import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './features/shell/App.tsx';
import { offerUpdates } from './features/shell/updates.ts';
import { guardDrafts } from './state/drafts.ts';
import { appearance, applyAppearance, turnAtOnce } from './state/prefs.ts';
import { keepPush } from './state/push.ts';
import { sweepShared } from './state/shared.ts';
import { connection, sotto } from './state/sotto.ts';
import { tellBack } from './ui/back.ts';
import { whenQuiet } from './ui/quiet.ts';
import { locale, words } from './words/index.ts';

const root = document.documentElement;
root.lang = locale;
root.dir = words.dir;
applyAppearance(root);
appearance.subscribe(() => {
  if ('startViewTransition' in document) document.startViewTransition(() => applyAppearance(root));
  else applyAppearance(root);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => turnAtOnce(root));

const place = document.getElementById('app');
if (!place) throw new Error('the page has no #app');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
window.addEventListener('online', tellBack);
connection.subscribe(() => connection.getSnapshot().state === 'open' && tellBack());
guardDrafts(sotto.session.state);
void sotto.start().finally(() => {
  // It fetches all there is: what one waits for goes first.
  if (import.meta.env.PROD) whenQuiet(offerUpdates);
});
keepPush();
whenQuiet(() => sweepShared().catch(() => {}));
