/** Every screen that an address can name. */
export type Screen =
  | { name: 'hallway' }
  | { name: 'inbox' }
  | { name: 'conversation'; id: string }
  | { name: 'compose' }
  | { name: 'archive' }
  /** Where what another app shared is to go. */
  | { name: 'share' }
  | { name: 'requests'; view: 'waiting' | 'held' }
  | { name: 'request'; id: string }
  /** A group's people and settings. */
  | { name: 'group'; id: string }
  | { name: 'room'; id: string }
  | { name: 'people' }
  | { name: 'profile'; handle: string }
  | { name: 'you' }
  | { name: 'settings' }
  /** For admins. */
  | { name: 'console'; page: 'reports' | 'requests'; id: string | null }
  | { name: 'missing' };

export const paths = {
  hallway: '/',
  inbox: '/backchannel',
  /** `at`: the `seq` of a message to open at. */
  conversation: (id: string, at?: number) => `/backchannel/${id}${at ? `?at=${at}` : ''}`,
  compose: '/backchannel/new',
  share: '/share',
  archive: '/backchannel/archive',
  requests: '/backchannel/requests',
  heldRequests: '/backchannel/requests/held',
  request: (id: string) => `/backchannel/requests/${id}`,
  group: (id: string) => `/backchannel/${id}/about`,
  room: (id: string) => `/rooms/${id}`,
  people: '/people',
  profile: (handle: string) => `/@${handle}`,
  you: '/you',
  settings: '/settings',
  consoleReports: '/console/reports',
  consoleReport: (id: string) => `/console/reports/${id}`,
  consoleRequests: '/console/requests',
};

const part = (text: string | undefined) => {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return '';
  }
};

export function screenOf(path: string): Screen {
  const [first = '', second, ...rest] = path.replace(/^\/+|\/+$/g, '').split('/');
  if (first === 'backchannel' && rest.length === 1 && rest[0] === 'about')
    return { name: 'group', id: part(second) };
  if (first === 'backchannel' && second === 'requests' && rest.length < 2) {
    const [id] = rest;
    if (id === undefined || id === 'held') return { name: 'requests', view: id ?? 'waiting' };
    return { name: 'request', id: part(id) };
  }
  if (first === 'console' && rest.length < 2) {
    const [id] = rest;
    if (second === 'requests' && id === undefined) return { name: 'console', page: second, id: null };
    if (second === 'reports')
      return { name: 'console', page: second, id: id === undefined ? null : part(id) };
  }
  if (rest.length > 0) return { name: 'missing' };
  if (first.startsWith('@') && second === undefined && first.length > 1)
    return { name: 'profile', handle: part(first.slice(1)) };
  if (second !== undefined) {
    if (first === 'backchannel' && second === 'new') return { name: 'compose' };
    if (first === 'backchannel' && second === 'archive') return { name: 'archive' };
    if (first === 'backchannel') return { name: 'conversation', id: part(second) };
    if (first === 'rooms') return { name: 'room', id: part(second) };
    return { name: 'missing' };
  }
  switch (first) {
    case '':
      return { name: 'hallway' };
    case 'backchannel':
      return { name: 'inbox' };
    case 'people':
    case 'you':
    case 'settings':
    case 'share':
      return { name: first };
    default:
      return { name: 'missing' };
  }
}

/** Panes of a phone, in their order. */
export const PANES = ['inbox', 'hallway', 'you'] as const;

/** Screens of the Backchannel, beside its inbox. */
const BACKCHANNEL: ReadonlySet<Screen['name']> = new Set([
  'conversation',
  'compose',
  'archive',
  'share',
  'group',
  'requests',
  'request',
]);

/** The pane a screen belongs to, or that it lies over. */
export function paneOf(screen: Screen, before: number): number {
  const own = PANES.indexOf(screen.name as (typeof PANES)[number]);
  if (own >= 0) return own;
  return BACKCHANNEL.has(screen.name) ? 0 : before;
}

/** A screen that lies over the panes of a phone, as a page of its own. */
export function isPage(screen: Screen): boolean {
  return !PANES.includes(screen.name as (typeof PANES)[number]) && screen.name !== 'room';
}

/** What a laptop shows beside the hallway: each column keeps its screen while the address moves to another; home clears the middle. */
export interface Columns {
  middle: Screen | null;
  side: Screen;
}

export const firstColumns: Columns = { middle: null, side: { name: 'inbox' } };

export function columnsAfter(before: Columns, screen: Screen): Columns {
  switch (screen.name) {
    case 'hallway':
      return { ...before, middle: null };
    case 'inbox':
    case 'conversation':
    case 'compose':
    case 'archive':
    case 'share':
    case 'requests':
    case 'request':
    case 'group':
      return { ...before, side: screen };
    default:
      return { ...before, middle: screen };
  }
}
