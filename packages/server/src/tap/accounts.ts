// Where every byte of a tap went [L6]: came in + added = out + dropped + lost + buffered, for each direction, at all times.

import type { Direction } from '@crows-nest/protocol';

export interface Account {
  /** Read from the sender. */
  in: number;
  /** Handed to the receiver's socket. */
  out: number;
  /** Taken by a fault. */
  dropped: number;
  /** Gone with a connection that ended before they were delivered. */
  lost: number;
  /** Of our own making: an Identity filled into a READY. */
  added: number;
}

/** An account as seen from outside, with what is inside the tap at this moment. */
export interface Balance extends Readonly<Account> {
  readonly buffered: number;
}

export type Accounts = Readonly<Record<Direction, Balance>>;

export const openAccount = (): Account => ({ in: 0, out: 0, dropped: 0, lost: 0, added: 0 });

export const isBalanced = (balance: Balance): boolean =>
  balance.in + balance.added === balance.out + balance.dropped + balance.lost + balance.buffered;
