// What the queue and a worker believe behind each kind of cut, with real processes: the table in SPEC.md, one row a worker.

import type { CommandRequest, Direction, TraceEvent } from '@crows-nest/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Live, openLive } from './live.ts';

type Cut = 'stopped' | 'jammed' | 'refused';

interface Row {
  readonly mode: Cut;
  readonly direction: Direction | undefined;
  /** What becomes of the beats that the queue sends after the cut: they find no connection, or meet this end. */
  readonly beats: 'heard' | 'dropped' | 'held' | 'lost' | 'nobody';
  /** The same of the worker's. */
  readonly itsBeats: 'heard' | 'dropped' | 'held' | 'lost' | 'nobody';
  /** Whose end of the first connection shows in the trace before it is healed. */
  readonly closedBy: 'peer' | 'tap' | undefined;
}

const both = undefined;
/** Expired by the queue and giving up the queue, sooner or later: that they all do. How they come to it differs. */
const TABLE: readonly Row[] = [
  { mode: 'stopped', direction: both, beats: 'dropped', itsBeats: 'dropped', closedBy: undefined },
  { mode: 'stopped', direction: 'toQueue', beats: 'heard', itsBeats: 'dropped', closedBy: undefined },
  { mode: 'stopped', direction: 'fromQueue', beats: 'dropped', itsBeats: 'heard', closedBy: 'peer' },
  { mode: 'jammed', direction: both, beats: 'held', itsBeats: 'held', closedBy: undefined },
  { mode: 'jammed', direction: 'toQueue', beats: 'heard', itsBeats: 'held', closedBy: undefined },
  { mode: 'jammed', direction: 'fromQueue', beats: 'held', itsBeats: 'heard', closedBy: 'peer' },
  { mode: 'refused', direction: both, beats: 'nobody', itsBeats: 'nobody', closedBy: 'tap' },
  { mode: 'refused', direction: 'toQueue', beats: 'lost', itsBeats: 'nobody', closedBy: undefined },
  { mode: 'refused', direction: 'fromQueue', beats: 'nobody', itsBeats: 'lost', closedBy: 'tap' },
];
const INTERVAL_MS = 500;
const peerOf = (row: number): string => `worker-${row + 1}`;
const named = ({ mode, direction }: Row): string => `${mode} ${direction ?? 'both ways'}`;

let live: Live;
/** From the cut to the moment before the healing. */
let during: readonly TraceEvent[] = [];
const FIXED = peerOf(TABLE.length);

/** On its link, from its own cut on. */
function ofWorker(row: number): TraceEvent[] {
  const events = during.filter((e) => 'link' in e && e.link === peerOf(row));
  return events.slice(events.findIndex((e) => e.type === 'fault.applied') + 1);
}

/** What became of the messages of this direction that entered after the cut. */
function fateOf(row: number, direction: Direction): Row['beats'] {
  const events = ofWorker(row);
  const beats = new Set<number>();
  for (const e of events) {
    if (e.type === 'message.entered' && e.direction === direction && e.kind === 'HEARTBEAT') beats.add(e.msg);
  }
  if (beats.size === 0) return 'nobody';
  const met = (type: TraceEvent['type']): boolean =>
    events.some((e) => e.type === type && 'msg' in e && beats.has(e.msg ?? 0));
  if (met('message.dropped')) return 'dropped';
  if (met('message.held')) return 'held';
  if (met('message.lost') && !met('message.left')) return 'lost';
  return 'heard';
}

beforeAll(async () => {
  live = await openLive({ workers: TABLE.length + 1, queue: { heartbeatIntervalMs: INTERVAL_MS } });
  const all = TABLE.length + 1;
  await live.untilState((l) => l.state.queue.list.length === all, 'all listed');
  await live.do({ type: 'process.restart', peer: FIXED, identity: 'same' });
  await live.until({ type: 'connection.closed', link: FIXED });
  const restarted = live.events.at(-1)?.seq ?? 0;
  await live.until({ type: 'worker.refreshed', workerPeer: FIXED }, restarted);
  const cutAt = live.events.at(-1)?.seq ?? 0;
  for (const [row, { mode, direction }] of TABLE.entries()) {
    const way = direction === undefined ? {} : { direction };
    const cut: CommandRequest = {
      type: 'fault.apply',
      link: peerOf(row),
      kind: 'partition',
      mode,
      ttlMs: null,
      ...way,
    };
    await live.do(cut);
  }
  await live.do({ type: 'fault.apply', link: FIXED, kind: 'partition', ttlMs: null });
  for (let row = 0; row < all; row++) {
    await live.until({ type: 'worker.expired', workerPeer: peerOf(row) }, cutAt);
    await live.until({ type: 'worker.opened', peer: peerOf(row) }, cutAt);
  }
  during = live.events.filter((e) => e.seq > cutAt);
});
afterAll(() => live?.close());

describe('behind a cut', () => {
  it.each(TABLE.map((row, i) => [named(row), row, i] as const))('[L9] %s: as the table says', (_, row, i) => {
    const closed = ofWorker(i).find((e) => e.type === 'connection.closed');
    expect({
      beats: fateOf(i, 'fromQueue'),
      itsBeats: fateOf(i, 'toQueue'),
      closedBy: closed?.type === 'connection.closed' ? closed.by : undefined,
    }).toEqual({ beats: row.beats, itsBeats: row.itsBeats, closedBy: row.closedBy });
    // Both come to believe that the other is dead, whoever could still hear whom.
    expect(during.some((e) => e.type === 'worker.expired' && e.workerPeer === peerOf(i))).toBe(true);
    expect(during.some((e) => e.type === 'worker.backedOff' && e.peer === peerOf(i))).toBe(true);
  });

  it('[L9] [Q10] healed, all are listed again, the one of a fixed identity under its own', async () => {
    const identity = live.state.peers[FIXED]?.identity;
    await live.do({ type: 'heal.all' });
    const healed = live.events.at(-1)?.seq ?? 0;
    for (let row = 0; row <= TABLE.length; row++) {
      await live.until({ type: 'worker.listed', workerPeer: peerOf(row) }, healed);
    }
    const back = live.all({ type: 'worker.listed', workerPeer: FIXED }).at(-1);
    expect(back?.worker).toBe(identity);
    expect(live.state.faults).toEqual({});
    await live.untilState((l) => l.state.ledger.unexplained === 0, 'the account');
    expect(live.complaints).toEqual([]);
  });
});
