// `npm test`.
import './node-version.mjs';

void import('./test/launch.mjs');
