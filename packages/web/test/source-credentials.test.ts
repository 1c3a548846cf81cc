// The launch token: out of the address at once, used once, exchanged for a session that a reload comes back with [S3].

import { beforeEach, describe, expect, test } from 'vitest';
import { takeKeyring } from '../src/source/credentials.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const open = () => takeKeyring(window.location, window.history, window.sessionStorage);

beforeEach(() => {
  window.sessionStorage.clear();
  window.history.replaceState(null, '', '/?theme=dark');
});

describe('[S3] the token in the address', () => {
  test('leaves it before anything else, and the rest of the address stays', () => {
    window.location.hash = `launch=${TOKEN}`;
    const keyring = open();
    expect(window.location.hash).toBe('');
    expect(window.location.search).toBe('?theme=dark');
    expect(keyring.credentials()).toEqual({ launch: TOKEN });
  });

  test('is exchanged: afterwards this page, and a reload of it, bear the session', () => {
    window.location.hash = `launch=${TOKEN}`;
    const keyring = open();
    keyring.keep('s1');
    expect(keyring.credentials()).toEqual({ session: 's1' });
    expect(open().credentials()).toEqual({ session: 's1' });
  });

  test("a viewer's token is sent as such, and is good for every attempt", () => {
    window.location.hash = `view=${TOKEN}`;
    const keyring = open();
    expect(keyring.credentials()).toEqual({ view: TOKEN });
    keyring.keep('v1');
    expect(keyring.credentials()).toEqual({ view: TOKEN, session: 'v1' });
  });

  test('anything else in the fragment is left alone and is no token', () => {
    window.location.hash = 'launch=<script>';
    expect(open().credentials()).toEqual({});
    expect(window.location.hash).not.toBe('');
  });

  test('a session of an earlier run is dropped, and it says whether there was one', () => {
    window.sessionStorage.setItem('crows-nest.session', 'old');
    const keyring = open();
    expect(keyring.drop()).toBe(true);
    expect(keyring.credentials()).toEqual({});
    expect(keyring.drop()).toBe(false);
  });
});
