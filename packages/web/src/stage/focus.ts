// What a selection means at time t: the peers, links and messages it is about. A message stands for its whole journey.
// What is later than t is not known there, whatever the log holds.

import type { State, TraceEvent } from '@crows-nest/protocol';
import type { Log } from '../model/log.ts';
import type { Selection } from '../model/selection.ts';

export interface Focus {
  peers: ReadonlySet<string>;
  links: ReadonlySet<string>;
  msgs: ReadonlySet<number>;
  /** The request in question, in the queue's lists. */
  journey: number | null;
}

const NOTHING: Focus = { peers: new Set(), links: new Set(), msgs: new Set(), journey: null };

export function focusOf(log: Log, state: State, selection: Selection | null): Focus {
  switch (selection?.type) {
    case undefined:
      return NOTHING;
    case 'peer':
      return { ...NOTHING, peers: new Set([selection.peer]) };
    case 'link':
      return { ...NOTHING, links: new Set([selection.link]) };
    case 'message':
      return ofMessage(log, state, selection.msg);
    case 'event': {
      const event = log.event(selection.seq);
      return event && event.t <= state.t ? ofEvent(log, state, event) : NOTHING;
    }
  }
}

function ofMessage(log: Log, state: State, msg: number): Focus {
  const message = state.messages[msg];
  const entered = log.entered(msg);
  // Later than what is looked at: nothing is known of it yet.
  if (!message && (entered?.t ?? 0) > state.t) return NOTHING;
  const journey = entered?.journey ?? message?.journey ?? null;
  if (journey !== null) return ofJourney(log, state, journey, msg);
  const link = entered?.link ?? message?.link;
  return { peers: new Set(), links: new Set(link === undefined ? [] : [link]), msgs: new Set([msg]), journey: null };
}

/** Its hops up to t, and everybody they went by. */
function ofJourney(log: Log, state: State, journey: number, msg: number | null): Focus {
  const msgs = new Set<number>(msg === null ? [] : [msg]);
  const links = new Set<string>();
  for (const hop of log.journey(journey)) {
    if (hop.t > state.t) continue;
    msgs.add(hop.msg);
    links.add(hop.link);
  }
  const own = msg === null ? undefined : state.messages[msg];
  if (own) links.add(own.link);
  return { peers: links, links, msgs, journey };
}

function ofEvent(log: Log, state: State, event: TraceEvent): Focus {
  if ('msg' in event && event.msg !== undefined) return ofMessage(log, state, event.msg);
  if ('journey' in event && event.journey !== undefined) return ofJourney(log, state, event.journey, null);
  const peers = new Set<string>();
  if ('peer' in event) peers.add(event.peer);
  if ('workerPeer' in event && event.workerPeer !== undefined) peers.add(event.workerPeer);
  if ('clientPeer' in event && event.clientPeer !== undefined) peers.add(event.clientPeer);
  const links = new Set('link' in event ? [event.link] : []);
  return { peers, links, msgs: NOTHING.msgs, journey: null };
}
