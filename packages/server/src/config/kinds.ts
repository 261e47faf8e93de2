import { isIP } from 'node:net';
import { GROUP_PEOPLE_MAX } from '@sotto/protocol';

/** What a setting's text was read as, or what would have been right ("a number from 0 to 65535"). */
export type Reading<T> = { value: T } | { expected: string };

/** How the text of an environment variable becomes a value. `secret`: the text is never repeated, in no message. */
export type Kind<T> = { label: string; secret?: boolean; read(text: string): Reading<T> };

export const port: Kind<number> = {
  label: 'port',
  read: text => wholeNumber(text, 0, 65_535, 'a port from 1 to 65535, or 0 for any free one'),
};

export const megabytes: Kind<number> = {
  label: 'megabytes',
  read: text => wholeNumber(text, 1, 10_000_000, 'a whole number of megabytes from 1 to 10000000'),
};

/** How many people a group may have. */
export const groupSize: Kind<number> = {
  label: 'number',
  read: text => wholeNumber(text, 2, GROUP_PEOPLE_MAX, `a whole number from 2 to ${GROUP_PEOPLE_MAX}`),
};

export const folder: Kind<string> = { label: 'folder', read: value => ({ value }) };

/** One word of a list. */
export function choice<const T extends string>(...words: T[]): Kind<T> {
  const expected = `one of ${words.join(', ')}`;
  return {
    label: words.join(', '),
    read: value => {
      const word = words.find(candidate => candidate === value);
      return word === undefined ? { expected } : { value: word };
    },
  };
}

/**
 * A URL of one of the given schemes. `origin`: nothing but scheme, host and port. `hostless`: the host may be missing
 * (a socket file is named in the query).
 */
export function url(
  schemes: string[],
  options: { secret?: boolean; origin?: boolean; hostless?: boolean } = {},
): Kind<string> {
  const example = schemes.map(scheme => `${scheme}://…`).join(' or ');
  const expected = options.origin
    ? `an address like ${example} without a path`
    : `an address like ${example}`;
  return {
    label: 'URL',
    ...(options.secret ? { secret: true } : {}),
    read: value => {
      if (!URL.canParse(value)) return { expected };
      const parsed = new URL(value);
      if (!schemes.includes(parsed.protocol.slice(0, -1))) return { expected };
      if (parsed.hostname === '' && !options.hostless) return { expected };
      if (!options.origin) return { value };
      const bare =
        parsed.pathname === '/' && parsed.search === '' && parsed.hash === '' && parsed.username === '';
      return bare ? { value: parsed.origin } : { expected };
    },
  };
}

/** An address or name that a server can listen on. */
export const host: Kind<string> = {
  label: 'address',
  read: value =>
    isIP(value) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(value)
      ? { value }
      : { expected: 'an address of this machine, like 127.0.0.1 or ::' },
};

/** IP addresses with commas between them. */
export const addresses: Kind<string[]> = {
  label: 'IP addresses, by comma',
  read: value => {
    const list = splitList(value);
    const good = list.length > 0 && list.every(item => isIP(item) !== 0);
    return good
      ? { value: list }
      : { expected: 'IP addresses with commas between them, like 203.0.113.7,10.0.0.4' };
  },
};

/** Whose `X-Forwarded-For` is believed: nobody's, that many proxies', or those addresses'. */
export const proxies: Kind<false | number | string[]> = {
  label: 'false, a number, or addresses',
  read: value => {
    if (value === 'false' || value === '0') return { value: false };
    if (/^[1-9]$/.test(value)) return { value: Number(value) };
    const list = splitList(value);
    if (list.length > 0 && list.every(isNetwork)) return { value: list };
    return { expected: 'false, the number of proxies in front (1 to 9), or their addresses like 10.0.0.0/8' };
  },
};

/** A shared secret; short ones are refused, for they can be guessed. */
export const secret: Kind<string> = {
  label: 'secret',
  secret: true,
  read: value => (value.length >= 16 ? { value } : { expected: 'at least 16 characters' }),
};

/** `Name <name@host>` or a bare address. */
export const mailbox: Kind<string> = {
  label: 'mail address',
  read: value =>
    /^([^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value)
      ? { value }
      : { expected: 'a mail address, like Sotto <sotto@example.org>' },
};

function wholeNumber(value: string, least: number, most: number, expected: string): Reading<number> {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  return number >= least && number <= most ? { value: number } : { expected };
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
