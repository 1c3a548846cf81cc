// Who comes in as what [S3]: from the credentials of the handshake and the address, one role and the token to come back with.

import type { AudienceRole, EntryRefusal } from '@crows-nest/protocol';
import * as v from 'valibot';
import type { Tokens } from './tokens.ts';

/** Any text is read, so that a token of the wrong length fails like any other wrong token. */
const token = v.pipe(v.string(), v.maxLength(256));
const Credentials = v.strictObject({
  launch: v.optional(token),
  session: v.optional(token),
  view: v.optional(token),
});

export interface Visitor {
  /** It comes from a loopback address. */
  readonly local: boolean;
  /** It named an origin, as every browser must, and the door has checked that [S2]. */
  readonly browser: boolean;
}

export type Entry =
  | { readonly role: AudienceRole; readonly session: string }
  | { readonly refused: EntryRefusal; readonly message: string };

const refuse = (refused: EntryRefusal, message: string): Entry => ({ refused, message });

/** Total: `auth` is whatever was sent. A launch token is spent only when it lets someone in. */
export function enter(tokens: Tokens, visitor: Visitor, auth: unknown): Entry {
  const read = v.safeParse(Credentials, auth ?? {});
  if (!read.success) return refuse('bad-token', 'These credentials are not understood.');
  const { launch, session, view } = read.output;

  const held: AudienceRole[] = [];
  for (const given of [session, view]) {
    const role = given === undefined ? undefined : tokens.roleOf(given);
    if (role) held.push(role);
  }
  const presents = held.includes('presenter');
  // Plain HTTP is read by everyone on the same Wi-Fi, so what steers processes never travels there.
  if (!visitor.local && (presents || launch !== undefined)) {
    return refuse('elsewhere', 'The presenter is on the machine that runs this; here is the view link only.');
  }
  if (launch !== undefined) {
    const redeemed = tokens.redeem(launch);
    if (typeof redeemed === 'object') return { role: 'presenter', session: redeemed.session };
    if (held.length === 0) {
      return redeemed === 'used'
        ? refuse('used-launch', 'This presenter link was used before; ask the terminal for a new one.')
        : refuse('bad-token', 'This presenter link is not of this run.');
    }
  }
  if (presents && session !== undefined) return { role: 'presenter', session };
  if (held.length > 0) return { role: 'viewer', session: tokens.view };
  if (session !== undefined || view !== undefined) return refuse('bad-token', 'This token is not of this run.');
  if (visitor.local && visitor.browser) return { role: 'viewer', session: tokens.view };
  return refuse('needs-token', 'A token is needed here: open the link that the presenter shows.');
}
