// All messages that have not met their end, looked at once a frame: what is on which link, what stands where unread.
// Whatever else wants to know of messages asks here, so that a frame's cost has one factor of their number.

import type { EventOf, MessageState, State } from '@crows-nest/protocol';
import { type HopView, lossOf } from './hop.ts';
import { standIn } from './message-facts.ts';

export interface Lanes {
  toQueue: MessageState[];
  fromQueue: MessageState[];
}

export interface Census {
  /** On links, as the picture shows it: what a stretched hop has yet to bring is still under way. */
  onLinks: Map<string, Lanes>;
  count: number;
  /** All messages that have not met their end. */
  total: number;
  /** At the end of their links and not read, by link; requests at the queue's door are not among them. */
  unread: Map<string, Lanes>;
  /** Requests at the door, in no order, and how many of them are ghosts. */
  atDoor: MessageState[];
  ghosts: number;
  /** REQUESTs on a link or at its end, by link. */
  requests: Map<string, number>;
  /** Links with something under way that will have its worker listed. */
  listing: Set<string>;
}

export function census(view: HopView, state: State): Census {
  const { t, stretchUs } = view;
  const taken: Census = {
    onLinks: new Map(),
    count: 0,
    total: 0,
    unread: new Map(),
    atDoor: [],
    ghosts: 0,
    requests: new Map(),
    listing: new Set(),
  };
  const { messages, peers } = state;
  // Listing the values is most of the cost of many: it is done once.
  const all = Object.values(messages);
  taken.total = all.length;
  for (const message of all) {
    const { link, kind, leftAt } = message;
    const client = peers[link]?.role === 'client';
    const toQueue = message.direction === 'toQueue';
    if (kind === 'REQUEST') taken.requests.set(link, (taken.requests.get(link) ?? 0) + 1);
    else if (kind !== 'HEARTBEAT' && toQueue) taken.listing.add(link);
    if (leftAt === null || (stretchUs !== null && message.enteredAt + stretchUs > t)) {
      lanesOf(taken.onLinks, link)[message.direction].push(message);
      taken.count++;
    } else if (client && toQueue) {
      taken.atDoor.push(message);
      if (message.ghost) taken.ghosts++;
    } else lanesOf(taken.unread, link)[message.direction].push(message);
  }
  if (stretchUs !== null) addStretched(taken, view, state, stretchUs);
  return taken;
}

function lanesOf(map: Map<string, Lanes>, link: string): Lanes {
  let lanes = map.get(link);
  if (!lanes) {
    lanes = { toQueue: [], fromQueue: [] };
    map.set(link, lanes);
  }
  return lanes;
}

/** Messages that have truly met their end, and whose stretched hop has not. */
function addStretched(taken: Census, view: HopView, state: State, stretchUs: number): void {
  const { log, t } = view;
  for (const event of log.between(t - stretchUs, t, ['message.entered'])) {
    const entered = event as EventOf<'message.entered'>;
    if (state.messages[entered.msg] !== undefined || t >= entered.t + stretchUs) continue;
    const message = standIn(entered, null);
    const loss = lossOf(view, message);
    if (loss && t >= loss.at) continue;
    lanesOf(taken.onLinks, entered.link)[entered.direction].push(message);
    taken.count++;
  }
}

/** The oldest `most` of those at the door, oldest first: thousands may stand there. */
export function oldest(messages: readonly MessageState[], most: number): MessageState[] {
  const found: MessageState[] = [];
  const before = (a: MessageState, b: MessageState): boolean =>
    (a.leftAt ?? 0) < (b.leftAt ?? 0) || (a.leftAt === b.leftAt && a.msg < b.msg);
  for (const message of messages) {
    const last = found[most - 1];
    if (last && !before(message, last)) continue;
    let i = Math.min(found.length, most - 1);
    for (; i > 0 && before(message, found[i - 1] as MessageState); i--) found[i] = found[i - 1] as MessageState;
    found[i] = message;
  }
  return found;
}
