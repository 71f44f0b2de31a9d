import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { isPublishedKey, parseKeyText } from '../../formats/key-text.js';

/** Checks of single settings: each answers with the value as it is used, or throws what is wrong with it. */

export function httpUrl(value: string): string {
  if (!URL.canParse(value) || !/^https?:/.test(value)) throw new Error('must be an http or https address');
  return value.replace(/\/+$/, '');
}

/** As browsers send it: scheme, host and port, nothing behind. A star would let every page in. */
export function origin(value: string): string {
  if (!URL.canParse(value) || !/^https?:/.test(value) || new URL(value).origin !== value.replace(/\/$/, ''))
    throw new Error('must list origins: scheme, host and port, without a path and without *');
  return new URL(value).origin;
}

/** An address, or a network as address/prefix. */
export function network(value: string): string {
  if (!(value.includes('/') ? ipaddr.isValidCIDR(value) : ipaddr.isValid(value)))
    throw new Error('must list addresses or networks');
  return value;
}

export function currency(value: string): string {
  if (!/^[A-Z]{3}$/i.test(value)) throw new Error('must be a currency of ISO 4217');
  return value.toUpperCase();
}

/** With two places, as rates are stored. */
export function hourlyRate(value: string): string {
  const [, whole, cents = ''] = /^(0|[1-9]\d{0,9})(?:\.(\d{1,2}))?$/.exec(value) ?? [];
  if (whole === undefined)
    throw new Error('must be a decimal number with at most 10 digits before the point and 2 behind it');
  return `${whole}.${cents.padEnd(2, '0')}`;
}

/** In lower case, as the log-in reads it. */
export function loginEmail(value: string): string {
  if (!/^[^\s@"<>(),;:\\[\]]{1,64}@[a-z0-9.-]{1,189}$/i.test(value))
    throw new Error('must be an email address');
  return value.toLowerCase();
}

export function databaseUrl(value: string): string {
  if (value.startsWith('mysql:')) {
    if (isServerUrl(value)) return value;
    throw new Error(
      'must be mysql://user:password@host:port/name, where @ : / ? # and % inside of user and password are ' +
        'percent-encoded (@ is %40, / is %2F, % is %25)',
    );
  }
  if (!/^sqlite:./.test(value) || value.includes(':memory:'))
    throw new Error('must be sqlite:<file> or mysql://user:password@host:port/name');
  return value;
}

function isServerUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { hostname, username, password, pathname, search, hash } = new URL(value);
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return hostname !== '' && search + hash === '' && /^\/[\w-]+$/.test(pathname);
}

/** Which database a url means, however it is written. */
export function databaseOf(url: string): string {
  if (url.startsWith('sqlite:')) return resolve(url.slice('sqlite:'.length));
  const { hostname, port, pathname } = new URL(url);
  return `${hostname.toLowerCase()}:${port || '3306'}${pathname}`;
}

/** PEM, or the path of a file of it. */
export function certificate(value: string): string {
  const text = value.includes('-----BEGIN') ? value : readOrThrow(value);
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('must be a certificate in PEM, or its file');
  return text;
}

function readOrThrow(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error('must be a certificate in PEM, or a file that can be read');
  }
}

/** One key a line, the first is current. */
export function masterKeys(value: string): string {
  const lines = value
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  for (const line of lines) {
    const key = readKey(line);
    if (isPublishedKey(key)) throw new Error('is a key that is printed in public documents');
    key.fill(0);
  }
  return value;
}

function readKey(line: string): Buffer {
  try {
    return parseKeyText(line);
  } catch {
    throw new Error('must be 32 bytes as url-safe base64 or as 64 hex digits');
  }
}

export function atLeast32Bytes(value: string): string {
  if (Buffer.byteLength(value) < 32) throw new Error('must be at least 32 bytes');
  return value;
}

/** As it stands in the header of a request. */
export function longToken(value: string): string {
  if (!/^[\w.~+/=-]{20,}$/.test(value))
    throw new Error('must have at least 20 letters, digits, or . ~ + / = _ -');
  return value;
}

/** How hard it is to guess is judged where it is used. */
export function longPassword(value: string): string {
  if ([...value].length < 12) throw new Error('must have at least 12 characters');
  return value;
}

/** `60,30,7` as numbers, the greatest first; `off` is none. */
export function reminderDays(value: string): number[] {
  if (value.trim() === 'off') return [];
  const days = value.split(',').map(one => one.trim());
  if (days.length > 20 || !days.every(one => /^[1-9]\d{0,3}$/.test(one) && Number(one) <= 3_650))
    throw new Error('must list whole numbers of days from 1 to 3650, at most 20 of them, or be off');
  return [...new Set(days.map(Number))].sort((a, b) => b - a);
}
