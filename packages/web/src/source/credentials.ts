// Who this page is to the bridge. The launch token works once and must not stay in the address, in history or in a screenshot [S3].

import type { Credentials } from '@crows-nest/protocol';

const SESSION_KEY = 'crows-nest.session';
const TOKEN = /^#(launch|view)=([0-9a-f]{8,128})$/i;

export interface Keyring {
  /** All that this page has; asked for at every attempt to connect. */
  credentials(): Credentials;
  /** The bridge's answer to a token: what this tab comes back with. */
  keep(session: string): void;
  /** The bridge knows these no more. False: there was nothing of which it could have been. */
  drop(): boolean;
}

/** Takes the token out of the address at once, before anything else runs. */
export function takeKeyring(location: Location, history: History, storage: Storage): Keyring {
  const found = TOKEN.exec(location.hash);
  const token = { kind: found?.[1]?.toLowerCase(), text: found?.[2] };
  let launch = token.kind === 'launch' ? token.text : undefined;
  const view = token.kind === 'view' ? token.text : undefined;
  if (found) history.replaceState(history.state, '', location.pathname + location.search);
  return {
    credentials() {
      const session = storage.getItem(SESSION_KEY) ?? undefined;
      return { ...(launch && { launch }), ...(session && { session }), ...(view && { view }) };
    },
    keep(session) {
      launch = undefined;
      storage.setItem(SESSION_KEY, session);
    },
    drop() {
      const had = storage.getItem(SESSION_KEY) !== null;
      launch = undefined;
      storage.removeItem(SESSION_KEY);
      return had;
    },
  };
}
