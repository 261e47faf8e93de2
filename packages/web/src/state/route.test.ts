import { describe, expect, test } from 'vitest';
import { columnsAfter, firstColumns, isPage, paneOf, paths, type Screen, screenOf } from './route.ts';

describe('an address names a screen', () => {
  test.each<[string, Screen]>([
    ['/', { name: 'hallway' }],
    ['/backchannel', { name: 'inbox' }],
    ['/backchannel/', { name: 'inbox' }],
    ['/backchannel/abc', { name: 'conversation', id: 'abc' }],
    ['/backchannel/new', { name: 'compose' }],
    ['/backchannel/archive', { name: 'archive' }],
    ['/backchannel/abc/about', { name: 'group', id: 'abc' }],
    ['/backchannel/abc/x', { name: 'missing' }],
    ['/rooms/r1', { name: 'room', id: 'r1' }],
    ['/@noor.h', { name: 'profile', handle: 'noor.h' }],
    ['/you', { name: 'you' }],
    ['/settings', { name: 'settings' }],
    ['/people', { name: 'people' }],
    ['/share', { name: 'share' }],
    ['/people/x', { name: 'missing' }],
    ['/@', { name: 'missing' }],
    ['/rooms/a/b', { name: 'missing' }],
    ['/nowhere', { name: 'missing' }],
  ])('%s', (path, screen) => {
    expect(screenOf(path)).toEqual(screen);
  });

  test('a broken escape is no crash', () => {
    expect(screenOf('/@%E0%A4%A')).toEqual({ name: 'profile', handle: '' });
  });

  test('paths lead where they say', () => {
    expect(screenOf(paths.conversation('c'))).toEqual({ name: 'conversation', id: 'c' });
    expect(screenOf(paths.profile('noor'))).toEqual({ name: 'profile', handle: 'noor' });
    expect(screenOf(paths.room('r'))).toEqual({ name: 'room', id: 'r' });
  });
});

describe('a phone', () => {
  test('has Backchannel, Hallway and You side by side', () => {
    expect(paneOf({ name: 'inbox' }, 1)).toBe(0);
    expect(paneOf({ name: 'hallway' }, 0)).toBe(1);
    expect(paneOf({ name: 'you' }, 1)).toBe(2);
  });

  test('keeps the pane below a page or a room, and a conversation lies over the inbox', () => {
    expect(paneOf({ name: 'settings' }, 2)).toBe(2);
    expect(paneOf({ name: 'room', id: 'r' }, 1)).toBe(1);
    expect(paneOf({ name: 'conversation', id: 'c' }, 1)).toBe(0);
  });

  test('shows pages over the panes, and the room over all', () => {
    expect(isPage({ name: 'settings' })).toBe(true);
    expect(isPage({ name: 'room', id: 'r' })).toBe(false);
    expect(isPage({ name: 'inbox' })).toBe(false);
  });
});

describe('a laptop', () => {
  test('keeps the room in the middle while one writes beside it', () => {
    const inRoom = columnsAfter(firstColumns, { name: 'room', id: 'r' });
    const writing = columnsAfter(inRoom, { name: 'conversation', id: 'c' });
    expect(writing).toEqual({ middle: { name: 'room', id: 'r' }, side: { name: 'conversation', id: 'c' } });
    expect(columnsAfter(writing, { name: 'hallway' })).toEqual({ ...writing, middle: null });
    expect(columnsAfter(writing, { name: 'settings' })).toEqual({
      middle: { name: 'settings' },
      side: { name: 'conversation', id: 'c' },
    });
  });
});
