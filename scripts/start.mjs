// `npm start` and `npm run dev`.
import './node-version.mjs';

void import('./launch.mjs');
