// One process through time. Lanes keep their number for ever; who stands where is decided for each picture.

import type { EventOf, Micros, PeerState, Role } from '@crows-nest/protocol';
import { Spans } from './spans.ts';

export interface Lane {
  readonly id: number;
  readonly peer: string;
  readonly role: Role;
  readonly guest: boolean;
  name: string;
  joinedAt: Micros;
  leftAt: Micros | null;
  /** Of its link, as it is now. */
  delayUs: Micros;
  readonly spans: Spans;
  /** The fact since which its reading has to be taken anew; null: it holds. */
  touchedBy: number | null;
  /** When its reading changes by itself. */
  turnAt: Micros;
}

const fresh = { touchedBy: null, turnAt: Number.POSITIVE_INFINITY };

export const laneOf = (id: number, { peer, role, guest, name, t }: EventOf<'peer.joined'>): Lane => ({
  ...{ id, peer, role, guest, name, joinedAt: t, leftAt: null, delayUs: 0, spans: new Spans() },
  ...fresh,
});

/** Of a peer that was there before the first fact. */
export const laneOfState = (id: number, state: PeerState, t: Micros): Lane => ({
  ...{ id, peer: state.peer, role: state.role, guest: state.guest, name: state.name, joinedAt: state.joinedAt },
  ...{ leftAt: state.left ? t : null, delayUs: 1000 * state.link.delayMs, spans: new Spans() },
  ...fresh,
});
