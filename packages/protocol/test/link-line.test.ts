// The line, damage to messages, and both with the link model and the ZMTP reader: what goes in comes out, whatever faults do.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  admit,
  applyFault,
  bytesFrame,
  corrupt,
  corruptAll,
  DAMAGES,
  DISTRIBUTIONS,
  type FaultSpec,
  frameBytes,
  type Kind,
  LINK_FAULTS,
  Line,
  type Link,
  makeLink,
  nextBelow,
  PROFILE_NAMES,
  type Stream,
  stream,
  TCP_WHY,
  type Travelling,
  tcpCanDo,
  writeFrames,
  writeGreeting,
  writeReady,
  ZmtpReader,
} from '../src/index.ts';
import { framesOf, joined } from './zmtp-streams.ts';

describe('the line', () => {
  interface Parcel extends Travelling {
    readonly id: number;
  }
  const ids = (parcels: readonly Parcel[]): number[] => parcels.map(({ id }) => id);

  test('[L1] lets out what is due, by time and then by entry, and never what is parked', () => {
    const entry = fc.record({ dueAt: fc.nat(20), heldBy: fc.constantFrom(undefined, ['a'], ['b'], ['a', 'b']) });
    fc.assert(
      fc.property(fc.array(entry), fc.nat(20), (entries, now) => {
        const line = new Line<Parcel>();
        const parcels = entries.map((parcel, id) => ({ ...parcel, id }));
        for (const parcel of parcels) line.push({ ...parcel });
        const byTime = (free: (p: Parcel) => boolean, from = -1): number[] =>
          ids(
            parcels
              .filter((p) => free(p) && p.dueAt <= now && p.dueAt > from)
              .sort((a, b) => a.dueAt - b.dueAt || a.id - b.id),
          );
        expect(ids(line.due(now))).toEqual(byTime((p) => p.heldBy === undefined));
        line.release('a');
        expect(ids(line.due(now))).toEqual(byTime((p) => p.heldBy?.join() === 'a'));
        line.release('b');
        expect(ids(line.due(now))).toEqual(byTime((p) => p.heldBy?.includes('b') === true));
        expect(ids(line.clear())).toEqual(ids(parcels.filter((p) => p.dueAt > now)));
      }),
    );
  });

  test('[L9] a step lets one go, the oldest; the end waits for all', () => {
    const line = new Line<Parcel>();
    for (const id of [1, 2, 3]) line.push({ id, dueAt: id, heldBy: id === 2 ? undefined : ['h'] });
    line.finish({ id: 9, dueAt: 2 });
    expect(ids(line.due(5))).toEqual([2]);
    const oldest = line.oldest('h');
    expect(oldest?.id).toBe(1);
    if (oldest) line.step(oldest, 'h');
    expect(ids(line.due(5))).toEqual([1]);
    expect(line.take(({ id }) => id === 3)?.id).toBe(3);
    expect(line.take(({ id }) => id === 3)).toBeUndefined();
    expect(ids(line.due(5))).toEqual([9]);
    expect(line.length).toBe(0);
  });

  test('[L7] what is released goes out in its order of before, ahead of what came later, the end last', () => {
    const line = new Line<Parcel>();
    line.push({ id: 1, dueAt: 10, heldBy: ['jam'] });
    line.push({ id: 2, dueAt: 10, heldBy: ['jam'] });
    line.finish({ id: 9, dueAt: 12 });
    expect(ids(line.due(50))).toEqual([]);
    line.release('jam');
    line.push({ id: 3, dueAt: 11 });
    expect(ids(line.due(50, 2))).toEqual([1, 2]);
    expect(ids(line.due(50))).toEqual([3, 9]);
  });
});

const frame = fc.uint8Array({ maxLength: 40 });

describe('damage', () => {
  test('[L4] is always whole messages again: what is written is read, frame for frame', () => {
    const damage = fc.record({ fault: fc.constant('f'), mode: fc.constantFrom(...DAMAGES), word: fc.nat(0xffff_ffff) });
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 6 }),
        fc.array(damage, { maxLength: 3 }),
        (frames, damages) => {
          const torn = corruptAll(frames, damages);
          const reader = new ZmtpReader();
          reader.read(joined(writeGreeting(), writeReady([])));
          const items = torn.flatMap((message) => reader.read(writeFrames(message)));
          expect(items.map(framesOf)).toEqual(torn.map((message) => message.map(bytesFrame)));
          expect(reader.buffered).toBe(0);
        },
      ),
    );
  });

  test('[L9] each mode damages what it is named for, and always something', () => {
    const request = ['C-1', '', 'body'].map(frameBytes);
    for (let word = 0; word < 5000; word += 7) {
      const [said = []] = corrupt(request, { mode: 'payload', word });
      expect(said.map(bytesFrame).slice(0, 2)).toEqual(['C-1', '']);
      expect(bytesFrame(said[2] ?? new Uint8Array())).not.toBe('body');
      const [addressed = []] = corrupt(request, { mode: 'envelope', word });
      expect(bytesFrame(addressed[2] ?? new Uint8Array())).toBe('body');
      expect(addressed.map(bytesFrame).slice(0, 2)).not.toEqual(['C-1', '']);
      const torn = corrupt(request, { mode: 'structure', word: word * 0x10001 });
      expect(torn.length === 2 || torn[0]?.length === 4).toBe(true);
      expect(torn.flat().map(bytesFrame).join('')).toBe('C-1body');
      for (const beat of ['\x01', '\x02', 'READY', 'HEARTBEAT', '', 'x'.repeat(300)]) {
        const [typed = []] = corrupt([frameBytes(beat)], { mode: 'type', word: word * 0x10001 });
        expect(typed.length).toBe(1);
        expect(bytesFrame(typed[0] ?? new Uint8Array())).not.toBe(beat);
      }
    }
  });

  test('[L9] READY for HEARTBEAT is among the damages of a type', () => {
    const said = new Set<string>();
    for (let word = 0; word < 2 ** 32; word += 0x0012_3457) {
      said.add(bytesFrame(corrupt([frameBytes('\x01')], { mode: 'type', word })[0]?.[0] ?? new Uint8Array()));
    }
    expect(said.has('\x02')).toBe(true);
    expect(said.size).toBeGreaterThan(3);
  });
});

test('[L11] every fault says whether TCP could do it, and why', () => {
  for (const kind of [...LINK_FAULTS, 'replay', 'reset', 'close'] as const) {
    expect(TCP_WHY[tcpCanDo(kind).why].length).toBeGreaterThan(10);
  }
  const cannot = (['drop', 'corrupt', 'duplicate', 'replay', 'reorder', 'hold'] as const).map((k) => tcpCanDo(k).can);
  expect(cannot).toEqual(cannot.map(() => false));
  expect(tcpCanDo('delay').can).toBe(true);
  expect(tcpCanDo('partition', 'jammed')).toEqual({ can: true, why: 'waits-for-buffers' });
});

const MESSAGES = process.env.CROWS_LONG ? 1_000_000 : 100_000;
const SEED = 0xfa17;

/** Seconds are for a machine that does other things too. */
test(`[L4] [L9] desync: ${MESSAGES} messages of seed ${SEED} under random faults: received = sent − dropped + copies, exactly, and in sync`, () => {
  let random: Stream = stream(SEED, 'desync');
  const below = (bound: number): number => {
    const [value, rest] = nextBelow(random, bound);
    random = rest;
    return value;
  };
  const KINDS: readonly Kind[] = ['READY', 'HEARTBEAT', 'REQUEST', 'REPLY', 'INVALID'];
  const LASTING = LINK_FAULTS.filter((kind) => kind !== 'hang');
  interface Parcel extends Travelling {
    readonly bytes: Uint8Array;
  }
  let link: Link = makeLink(5, 3, SEED);
  const line = new Line<Parcel>();
  const reader = new ZmtpReader();
  reader.read(joined(writeGreeting(), writeReady([])));

  /** How often each message is to come out; what is met is taken away. */
  const owed = new Map<string, number>();
  const tally = { sent: 0, dropped: 0, copies: 0, pieces: 0, damaged: 0, received: 0, faults: 0 };
  let now = 0;

  const someFault = (): FaultSpec => {
    const kind = LASTING[below(LASTING.length)] ?? 'drop';
    const choice = below(4);
    const selector = {
      ...(below(2) === 0 && { kind: KINDS[below(5)] as Kind }),
      ...(choice === 0 && { probability: 0.3 }),
      ...(choice === 1 && { every: 1 + below(5) }),
      ...(choice === 2 && { nth: 1 + below(9) }),
    };
    const modes = kind === 'corrupt' ? DAMAGES : (['stopped', 'jammed', 'refused'] as const);
    return {
      ...{ id: `f${++tally.faults}`, kind, seed: below(1e9), selector: kind === 'partition' ? {} : selector },
      ...{ mode: modes[below(modes.length)], copies: 1 + below(3), extraMs: below(40), jitterMs: below(20) },
      ...{ distribution: DISTRIBUTIONS[below(3)], bytesPerSecond: 20_000 + below(1e6) },
      profile: PROFILE_NAMES[below(5)],
    };
  };
  const someFrames = (i: number): Uint8Array[] => {
    const count = 1 + below(4);
    return Array.from({ length: count }, (_, at) =>
      at === 1 ? new Uint8Array(0) : frameBytes(`${i}.${at}${'x'.repeat(below(20) === 0 ? below(400) : below(8))}`),
    );
  };
  const keyOf = (frames: readonly string[]): string => frames.map((f) => `${f.length}:${f}`).join('');
  const receive = (parcels: readonly Parcel[]): void => {
    if (parcels.length === 0) return;
    const bytes = joined(...parcels.map((parcel) => parcel.bytes));
    // Cut anywhere, as TCP does.
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + 1 + below(3000));
      for (const item of reader.read(bytes.subarray(at, end))) {
        const key = keyOf(framesOf(item));
        const left = (owed.get(key) ?? 0) - 1;
        if (left < 0) expect.fail(`message ${tally.sent}: came without being owed: ${key}`);
        if (left === 0) owed.delete(key);
        else owed.set(key, left);
        tally.received++;
      }
      at = end;
    }
  };
  const heal = (id: string): void => {
    link = { ...link, faults: link.faults.filter(({ spec }) => spec.id !== id) };
    line.release(id);
  };

  for (let i = 0; i < MESSAGES; i++) {
    now += below(3000);
    if (below(60) === 0) link = applyFault(link, someFault());
    if (below(60) === 0 || link.faults.length > 6) {
      const gone = link.faults[below(link.faults.length)];
      if (gone) heal(gone.spec.id);
    }
    const frames = someFrames(i);
    const size = frames.reduce((sum, f) => sum + f.length, 0);
    const [after, verdict] = admit(link, now, 'toQueue', KINDS[below(5)] ?? 'REPLY', size);
    link = after;
    tally.sent++;
    if (!verdict.pass) tally.dropped++;
    else {
      const torn = corruptAll(frames, verdict.damages);
      tally.copies += verdict.copies.length - 1;
      tally.pieces += (torn.length - 1) * verdict.copies.length;
      if (verdict.damages.length > 0) tally.damaged++;
      for (const { dueAt } of verdict.copies) {
        for (const piece of torn) {
          const key = keyOf(piece.map(bytesFrame));
          owed.set(key, (owed.get(key) ?? 0) + 1);
          line.push({ dueAt, heldBy: verdict.heldBy, bytes: writeFrames(piece) });
        }
      }
    }
    receive(line.due(now, 1 + below(50)));
  }
  for (const { spec } of link.faults) heal(spec.id);
  receive(line.due(Number.POSITIVE_INFINITY));

  console.log(JSON.stringify(tally));
  expect(owed.size).toBe(0);
  expect(reader.buffered).toBe(0);
  expect(tally.received).toBe(tally.sent - tally.dropped + tally.copies + tally.pieces);
  // The faults do what they are there for.
  for (const count of [tally.dropped, tally.copies, tally.damaged]) expect(count).toBeGreaterThan(MESSAGES / 50);
  expect(tally.pieces).toBeGreaterThan(MESSAGES / 2000);
}, 300_000);
