// A load generator in C, a stranger in every way, through the public taps in both dialects and with faults on its links.
// PPPBENCH names its program; without it there is nothing to run.

import { spawn } from 'node:child_process';
import { beginJudgement, findingsOf, judge, ledgerBalances } from '@crows-nest/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type Live, openLive } from './live.ts';

const program = process.env.PPPBENCH;
if (!program) console.log('load of guests: PPPBENCH names no load generator, so it is skipped');

interface Account {
  readonly got: number;
  readonly lost: number;
  readonly stale: number;
  readonly corrupt: number;
  readonly w_bad: number;
}

let live: Live;
afterEach(() => live?.close());

function load(dialect: string, ...more: string[]): Promise<Account> {
  const { frontend, backend } = live.bridge.guests.ports;
  const ends = ['-f', `tcp://127.0.0.1:${frontend}`, '-b', `tcp://127.0.0.1:${backend}`];
  const child = spawn(program ?? '', [...ends, '-w', '4', '-c', '2', '-d', dialect, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(JSON.parse(said) as Account));
  });
}

/** All that they did is in the trace. */
const gone = (): Promise<void> =>
  live.untilState((l) => l.all({ type: 'connection.closed' }).length === 6, 'six guests have gone');

/** On the link of each guest that comes. */
function breakLinks(kinds: readonly Parameters<Live['do']>[0][]): void {
  live.bridge.onBatch(({ events }) => {
    for (const event of events) {
      if (event.type !== 'peer.joined' || !event.guest) continue;
      for (const kind of kinds) void live.do({ ...kind, link: event.peer } as Parameters<Live['do']>[0]);
    }
  });
}

describe.each(['rfc', 'strings'])('pppbench, dialect %s', (dialect) => {
  it.runIf(program)(
    'slowed and robbed of heartbeats: nothing lost, nothing damaged, everybody by the book',
    async () => {
      live = await openLive({ queue: { heartbeatIntervalMs: 500, liveness: 3 } });
      const link = 'guest-1';
      breakLinks([
        { type: 'fault.apply', link, kind: 'delay', extraMs: 10, jitterMs: 5 },
        { type: 'fault.apply', link, kind: 'drop', message: 'HEARTBEAT', every: 3 },
      ]);
      const account = await load(dialect, '-i', '8', '-t', '5', '-r', '40', '-T', '3000', '-H', '500');
      expect(account).toMatchObject({ lost: 0, stale: 0, corrupt: 0, w_bad: 0 });
      expect(account.got).toBeGreaterThan(100);
      await gone();
      expect(live.state.ledger.inFlight).toBe(0);
      expect(ledgerBalances(live.state)).toBe(true);
      expect(live.all({ type: 'message.dropped' }).length).toBeGreaterThan(0);
      const judgement = beginJudgement();
      for (const event of live.events) judge(judgement, event);
      const broken = Object.keys(judgement.peers).flatMap((peer) =>
        findingsOf(judgement, peer).flatMap((f) => (f.standing === 'broken' ? [`${peer} ${f.statement}`] : [])),
      );
      expect(broken).toEqual([]);
      expect(live.all({ type: 'peer.joined', guest: true })).toHaveLength(6);
      console.log(`${dialect}: ${account.got} answered`);
    },
  );

  it.runIf(program)('replies repeated: as many are stale as were made, and none is lost or damaged', async () => {
    live = await openLive({ queue: { heartbeatIntervalMs: 500, liveness: 3 } });
    breakLinks([
      {
        type: 'fault.apply',
        link: 'guest-1',
        kind: 'duplicate',
        message: 'REPLY',
        direction: 'fromQueue',
        every: 20,
      },
    ]);
    const account = await load(dialect, '-i', '8', '-t', '3', '-H', '500');
    await gone();
    const copies = live.all({ type: 'message.duplicated' }).length;
    expect(account).toMatchObject({ lost: 0, corrupt: 0, w_bad: 0 });
    expect(Math.abs(account.stale - copies)).toBeLessThanOrEqual(8);
    expect(live.state.ledger.inFlight).toBe(0);
    expect(ledgerBalances(live.state)).toBe(true);
  });
});
