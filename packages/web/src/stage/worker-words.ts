// What is said about one worker: its state in a word or two, the line below, the plate when belief and truth differ.

import type { PeerState } from '@crows-nest/protocol';
import type { Token } from '../theme.ts';
import { visibleText } from '../visible-text.ts';
import type { Frame } from './frame.ts';
import type { WorkerReading } from './truth.ts';

export interface WorkerWords {
  name: string;
  state: string;
  stateToken: Token;
  note: string | null;
  /** What the queue believes and what is true, when they differ. */
  plate: { believes: string; truth: string; truthToken: Token; short: string } | null;
}

export function workerWords(frame: Frame, peer: PeerState, reading: WorkerReading, unread: number): WorkerWords {
  const { words } = frame;
  return {
    name: words.name(visibleText(peer.name, 24)),
    ...(frame.view.presentation ? briefState(frame, peer, reading) : stateOf(frame, peer, reading)),
    note: noteOf(frame, peer, reading, unread),
    plate: plateOf(frame, reading),
  };
}

/** What a room needs to know of its state: no lengths of time. */
function briefState(frame: Frame, peer: PeerState, reading: WorkerReading): Pick<WorkerWords, 'state' | 'stateToken'> {
  const { words, t } = frame;
  const { truth } = reading;
  const said = stateOf(frame, peer, reading);
  if (truth === 'frozen' || truth === 'overloaded') return { ...said, state: words.short[truth] };
  if (truth === 'dead') return { ...said, state: peer.left ? words.left : words.dead };
  if (truth === 'reconnecting') {
    return { ...said, state: words.backIn(Math.ceil(Math.max(0, (peer.backOff?.untilAt ?? t) - t) / 1e6)) };
  }
  return said;
}

function stateOf(frame: Frame, peer: PeerState, reading: WorkerReading): Pick<WorkerWords, 'state' | 'stateToken'> {
  const { words, t, state } = frame;
  const { truth, since, entry, atWork } = reading;
  const length = words.seconds(t - since);
  switch (truth) {
    case 'frozen':
      return { state: words.frozenFor(length), stateToken: 'frozen' };
    case 'overloaded':
      return { state: words.overloadedFor(length), stateToken: 'busy' };
    case 'dead': {
      const expired = state.queue.forgotten.findLast((f) => f.peer === peer.peer);
      return {
        state: peer.left ? words.left : expired ? words.deadExpired(words.seconds(t - expired.at)) : words.dead,
        stateToken: 'muted',
      };
    }
    case 'reconnecting':
      return {
        state: words.reconnecting(Math.ceil(Math.max(0, (peer.backOff?.untilAt ?? t) - t) / 1e6)),
        stateToken: 'muted',
      };
    case 'busy': {
      if (peer.work && !atWork) return { state: words.deaf, stateToken: 'busy' };
      return { state: busyText(words, peer.work?.journey ?? null, atWork?.journey ?? null), stateToken: 'busy' };
    }
    case 'unknown':
      if (peer.link.conn === null) {
        return { state: peer.guest ? words.disconnected : words.starting, stateToken: 'muted' };
      }
      return { state: entry ? words.listed : words.unlisted, stateToken: entry ? 'text' : 'muted' };
    case 'running':
      if (peer.link.conn === null) {
        return { state: peer.link.closedAt === null ? words.connecting : words.disconnected, stateToken: 'muted' };
      }
      return entry ? { state: words.ready, stateToken: 'text' } : { state: words.unlisted, stateToken: 'muted' };
  }
}

/** With what it works, which need not be what the queue has given it last. */
function busyText(words: Frame['words'], works: number | null, given: number | null): string {
  const journey = works ?? given;
  if (journey === null) return words.busy;
  const twice = works !== null && given !== null && works !== given;
  return twice ? words.busyGiven(String(works), String(given)) : words.busyWith(String(journey));
}

function noteOf(frame: Frame, peer: PeerState, reading: WorkerReading, unread: number): string | null {
  const { words, t, state } = frame;
  const { truth, missed } = reading;
  const { process, work, backOff, liveness } = peer;
  if (truth === 'dead' && process) {
    return process.signal ? words.killed(process.signal) : process.code === null ? null : words.exited(process.code);
  }
  if (truth === 'reconnecting' && backOff) return words.backOff(words.millis(backOff.waitMs));
  if ((truth === 'frozen' || truth === 'overloaded') && unread > 0) return words.unread(unread);
  if (truth === 'busy' && work) return words.deafNote(words.seconds(work.untilAt - t));
  if (peer.guest && truth === 'unknown') {
    return peer.lastHeardAt === null
      ? words.guest
      : `${words.guest}, ${words.heardAgo(words.seconds(t - peer.lastHeardAt), missed)}`;
  }
  if (liveness !== null && liveness < state.queue.liveness) return words.hearsQueue(liveness, state.queue.liveness);
  if (missed > 0 && peer.lastHeardAt !== null) return words.heardAgo(words.seconds(t - peer.lastHeardAt), missed);
  if (truth === 'running' && reading.entry) return words.beatsBothWays;
  return null;
}

function plateOf({ words }: Frame, reading: WorkerReading): WorkerWords['plate'] {
  const { parted, truth, entry, place, atWork } = reading;
  if (!parted) return null;
  if (parted.how === 'idle') {
    const believes = words.believedAtWork(atWork?.journey == null ? null : String(atWork.journey));
    return { believes, truth: words.truthIdle, truthToken: 'text', short: words.shortParted.idle };
  }
  if (parted.how === 'unlisted') {
    return {
      believes: words.believedUnlisted,
      truth: words.truthIdle,
      truthToken: 'text',
      short: words.shortParted.unlisted,
    };
  }
  const number = atWork?.journey == null ? null : String(atWork.journey);
  const believes = !entry ? words.believedAtWork(number) : place === 1 ? words.believedNext : words.believedReady;
  switch (truth) {
    case 'frozen':
      return { believes, truth: words.truthFrozen, truthToken: 'frozen', short: words.shortParted.frozen };
    case 'overloaded':
      return { believes, truth: words.truthOverloaded, truthToken: 'busy', short: words.shortParted.overloaded };
    case 'busy':
      return { believes, truth: words.truthDeaf, truthToken: 'busy', short: words.shortParted.busy };
    case 'reconnecting':
      return { believes, truth: words.truthReconnecting, truthToken: 'muted', short: words.shortParted.reconnecting };
    case 'dead':
      return { believes, truth: words.truthDead, truthToken: 'muted', short: words.shortParted.dead };
    default:
      return { believes, truth: words.truthDisconnected, truthToken: 'muted', short: words.shortDisconnected };
  }
}

/** The whole glyph as sentences, for those who do not see it. */
export function workerSentence(frame: Frame, peer: PeerState, reading: WorkerReading, said: WorkerWords): string {
  const { words, state, t } = frame;
  const { truth, entry, place, believedUntil, lamps, parted } = reading;
  const parts = [words.label.is(said.name, said.state)];
  if (believedUntil !== null) {
    const left = believedUntil - t;
    const expiry = left >= 0 ? words.expiresIn(words.seconds(left)) : words.overdue(words.seconds(-left));
    if (!entry) parts.push(words.label.beliefAtWork(expiry));
    else parts.push(place === 1 ? words.label.beliefHead(expiry) : words.label.belief(place, expiry));
  } else {
    parts.push(words.label.notListed);
    if (peer.lastHeardAt !== null) parts.push(words.label.unheard(words.seconds(t - peer.lastHeardAt)));
  }
  const { liveness, backOff } = peer;
  if (truth === 'reconnecting' && backOff) {
    parts.push(words.label.gaveUp(Math.ceil(Math.max(0, backOff.untilAt - t) / 1e6)));
  } else parts.push(liveness === null ? words.label.bandsUnknown : words.label.bands(liveness, state.queue.liveness));
  if (parted) parts.push(words.label.parted(words.seconds(t - parted.since)));
  const lamp = words.label.lamp;
  parts.push(words.label.lamps(lamp[lamps.tcp], lamp[lamps.zmtp], lamp[lamps.app]));
  return parts.join(frame.view.locale === 'zh' ? '' : ' ');
}
