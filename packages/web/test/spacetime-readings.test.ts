import type { Micros, State } from '@crows-nest/protocol';
import { describe, expect, test } from 'vitest';
import { TraceLog } from '../src/model/log.ts';
import { beliefOf, partingOf, truthOf } from '../src/spacetime/code.ts';
import type { DiagramIndex } from '../src/spacetime/diagram-index.ts';
import { readWorker } from '../src/stage/truth.ts';
import { deafWorkers, indexOf, logOfAll, numbers, trouble } from './spacetime-world.ts';

/** What the diagram says of each worker at t. */
function said(index: DiagramIndex, t: Micros): string[] {
  const lines: string[] = [];
  for (const lane of index.lanes.values()) {
    if (lane.role !== 'worker' || lane.joinedAt > t || (lane.leftAt !== null && lane.leftAt <= t)) continue;
    const at = lane.spans.at(t);
    const code = lane.spans.code(at);
    const since = lane.spans.detail(at)?.partedSince ?? '';
    lines.push(`${lane.peer} ${truthOf(code)} ${beliefOf(code)} ${partingOf(code)} ${since}`);
  }
  return lines;
}

/** What the stage says. */
function read(state: State, index: DiagramIndex, t: Micros): string[] {
  const lines: string[] = [];
  for (const peer of Object.values(state.peers)) {
    if (peer.role !== 'worker' || peer.left || !index.lanes.has(peer.peer)) continue;
    const { truth, entry, believedUntil, parted } = readWorker(state, peer, t);
    const belief = entry ? 'listed' : believedUntil !== null ? 'atWork' : 'none';
    lines.push(`${peer.peer} ${truth} ${belief} ${parted?.how ?? 'none'} ${parted?.since ?? ''}`);
  }
  return lines;
}

function disagreements(log: TraceLog, index: DiagramIndex, times: Iterable<Micros>): string[] {
  const wrong: string[] = [];
  for (const t of times) {
    index.settle(log, t);
    const [mine, stage] = [said(index, t), read(log.stateAt(t), index, t)];
    for (const [i, line] of stage.entries()) if (mine[i] !== line) wrong.push(`at ${t}: ${mine[i]} is ${line}`);
    if (wrong.length > 5) break;
  }
  return wrong;
}

const cases = (['listing', 'guide', 'robust'] as const).flatMap((rules) =>
  [1, 2, 3, 4, 5, 6].map((seed) => ({ rules, seed })),
);

/** Truths with the partings they had, in all runs. */
const partings = new Set<string>();

function noteAll(index: DiagramIndex): void {
  for (const { spans } of index.lanes.values()) {
    for (let i = 0; i < spans.count; i++) partings.add(`${truthOf(spans.code(i))} ${partingOf(spans.code(i))}`);
  }
}

describe('the diagram agrees with the stage', () => {
  test.each(cases)('at random times of a run with trouble: $rules, seed $seed', ({ rules, seed }) => {
    const events = trouble(seed, rules, 3);
    const log = new TraceLog();
    const index = indexOf(log);
    const endAt = events.at(-1)?.t ?? 0;
    log.append(events, endAt);
    const below = numbers(seed);
    const times = Array.from({ length: 1500 }, (_, i) =>
      i % 3 === 0 ? (events[below(events.length)]?.t ?? 0) : below(endAt),
    );
    expect(disagreements(log, index, times)).toEqual([]);
    noteAll(index);
  });

  test('of workers that work on behind the back of the queue', () => {
    const events = deafWorkers();
    const log = logOfAll(events);
    const index = indexOf(log);
    const below = numbers(9);
    expect(
      disagreements(
        log,
        index,
        Array.from({ length: 2000 }, () => below(log.endAt)),
      ),
    ).toEqual([]);
    noteAll(index);
  });

  test('of which there were partings of every kind', () => {
    const kinds = [
      'frozen believed',
      'overloaded believed',
      'dead believed',
      'busy believed',
      'running idle',
      'running unlisted',
    ];
    expect([...partings]).toEqual(expect.arrayContaining(kinds));
  });

  test('also when it is asked between batches, with the playhead at the newest fact, and beyond it', () => {
    const events = trouble(7, 'robust');
    const log = new TraceLog();
    const index = indexOf(log);
    const below = numbers(7);
    let from = 0;
    while (from < events.length) {
      const to = Math.min(events.length, from + 1 + below(40));
      const upTo = events[to - 1]?.t ?? 0;
      const next = events[to]?.t ?? upTo;
      log.append(events.slice(from, to), next);
      const within = upTo + below(Math.max(1, next - upTo));
      expect(disagreements(log, index, [upTo, within])).toEqual([]);
      from = to;
    }
    expect(
      disagreements(
        log,
        index,
        Array.from({ length: 1500 }, () => below(log.endAt)),
      ),
    ).toEqual([]);
  });

  test('and after the oldest facts were let go, like one that never knew them', () => {
    const events = trouble(3, 'guide', 3);
    const log = new TraceLog({ windowFacts: 1000, chunkFacts: 256 });
    const index = indexOf(log);
    for (let from = 0; from < events.length; from += 100) log.append(events.slice(from, from + 100), 0);
    expect(log.droppedBefore).not.toBeNull();
    const fresh = indexOf(log);
    const below = numbers(3);
    for (let i = 0; i < 1500; i++) {
      const t = log.startAt + below(log.endAt - log.startAt);
      expect(said(index, t)).toEqual(said(fresh, t));
    }
  });
});
