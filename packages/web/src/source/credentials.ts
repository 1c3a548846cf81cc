// Who this page is to the bridge. The launch token works once and must not stay in the address, in history or in a screenshot [S3].

import type { Credentials } from '@crows-nest/protocol';

const SESSION_KEY = 'crows-nest.session';
const TOKEN = /^#(launch|view)=([0-9a-f]{8,128})$/i;

/** The link to a shared screen bears a viewer's token, which works as often as it is used. */
export type PageCredentials = Credentials & { readonly view?: string };

export interface Keyring {
  credentials(): PageCredentials;
  /** The bridge's answer to a token: what this tab comes back with. */
  keep(session: string): void;
  /** The session is not known any more: the bridge was started anew. */
  forget(): void;
}

/** Takes the token out of the address at once, before anything else runs. */
export function takeKeyring(location: Location, history: History, storage: Storage): Keyring {
  const found = TOKEN.exec(location.hash);
  let launch = found?.[1]?.toLowerCase() === 'launch' ? found[2] : undefined;
  const view = found?.[1]?.toLowerCase() === 'view' ? found[2] : undefined;
  if (found) history.replaceState(history.state, '', location.pathname + location.search);
  // A new token is a new start: what this tab was before does not matter.
  if (found) storage.removeItem(SESSION_KEY);
  return {
    credentials() {
      const session = storage.getItem(SESSION_KEY);
      if (launch !== undefined) return { launch };
      if (session !== null) return { session };
      return view === undefined ? {} : { view };
    },
    keep(session) {
      launch = undefined;
      storage.setItem(SESSION_KEY, session);
    },
    forget() {
      launch = undefined;
      storage.removeItem(SESSION_KEY);
    },
  };
}
