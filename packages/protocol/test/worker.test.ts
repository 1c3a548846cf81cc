import { describe, expect, test } from 'vitest';
import { type Message, worker } from '../src/index.ts';

const SETTINGS: worker.Settings = {
  heartbeatIntervalMs: 1000,
  liveness: 3,
  dialect: 'rfc',
  workMs: 1000,
  crashChance: 0,
  overloadChance: 0,
  overloadMs: 5000,
  calmRequests: 3,
  reconnectInitialMs: 1000,
  reconnectMaxMs: 32_000,
  jitter: false,
  seed: 1,
  identitySeed: 2,
};
const READY = '\x01';
const HEARTBEAT = '\x02';
const REQUEST = ['C', '', 'hello'];

/** A worker machine that a test drives by hand. */
class DrivenWorker {
  state: worker.State;
  now = 0;
  effects: worker.Effect[];

  constructor(settings: Partial<worker.Settings> = {}) {
    [this.state, this.effects] = worker.start({ ...SETTINGS, ...settings }, 0);
  }

  at(ms: number): this {
    this.now = ms;
    return this;
  }

  hear(...frames: Message): this {
    return this.give({ type: 'message', frames });
  }

  give(input: worker.Input): this {
    const [state, effects] = worker.step(this.state, input, this.now * 1000);
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  until(ms: number): this {
    for (let due = worker.deadline(this.state); due !== undefined && due <= ms * 1000; ) {
      this.at(due / 1000).give({ type: 'tick' });
      due = worker.deadline(this.state);
    }
    return this.at(ms);
  }

  take(): worker.Effect[] {
    return this.effects.splice(0);
  }

  takeSent(): Message[] {
    return this.take().flatMap((e) => (e.type === 'send' ? [e.frames] : []));
  }

  takeFacts(...types: string[]): object[] {
    return this.take().flatMap((e) => (e.type === 'record' && types.includes(e.fact.type) ? [e.fact] : []));
  }
}

describe('connections', () => {
  test('[W1] a fresh identity of the form %04X-%04X, and READY is the first thing it says', () => {
    const effects = new DrivenWorker().take();
    expect(effects.map((e) => e.type)).toEqual(['record', 'open', 'send']);
    expect(effects[1]).toMatchObject({ identity: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/) });
    expect(effects[2]).toEqual({ type: 'send', frames: [READY] });
  });

  test('[W1] two workers of one second do not share an identity, as they do in the seed', () => {
    const identities = [1, 2, 3, 4, 5].map((identitySeed) => new DrivenWorker({ identitySeed }).state.identity);
    expect(new Set(identities).size).toBe(5);
  });

  test('[W1] a worker told to keep its identity has it on every connection', () => {
    const w = new DrivenWorker({ fixedIdentity: 'same', liveness: 1 }).until(2000);
    expect(w.take().filter((e) => e.type === 'open')).toEqual([
      { type: 'open', identity: 'same' },
      { type: 'open', identity: 'same' },
    ]);
  });

  test('[W5] at zero it waits, then comes back with a new socket, a new identity, READY and full liveness', () => {
    const w = new DrivenWorker().until(2999);
    const before = w.state.identity;
    w.take();
    w.until(3000);
    expect(w.takeFacts('liveness.lost', 'worker.backedOff')).toEqual([
      { type: 'liveness.lost', left: 0 },
      { type: 'worker.backedOff', waitMs: 1000, untilAt: 4_000_000 },
    ]);
    expect(worker.listens(w.state)).toBe(false);
    w.until(4000);
    const effects = w.take();
    expect(effects.map((e) => e.type)).toEqual(['close', 'record', 'open', 'send']);
    expect(effects.at(-1)).toEqual({ type: 'send', frames: [READY] });
    expect(w.state.identity).not.toBe(before);
    expect(w.state.liveness).toBe(3);
  });

  test('[W6] the back-off starts at 1000 ms, doubles at each failure and is clamped at 32000 ms', () => {
    const waits = new DrivenWorker().until(125_000).takeFacts('worker.backedOff');
    expect(waits.map((f) => (f as { waitMs: number }).waitMs)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000,
    ]);
  });

  test('[W12] a back-off ends at once when the process is told to stop', () => {
    const w = new DrivenWorker().until(3500);
    w.take();
    w.give({ type: 'stop' });
    expect(w.take()).toEqual([{ type: 'close' }, { type: 'exit', code: 0 }]);
    expect(worker.deadline(w.state)).toBeUndefined();
  });

  test('[W13] with jitter on, a back-off is drawn uniformly from zero to the reconnect interval', () => {
    const waits = Array.from({ length: 400 }, (_, seed) => {
      const [fact] = new DrivenWorker({ jitter: true, seed }).until(3000).takeFacts('worker.backedOff');
      return (fact as { waitMs: number }).waitMs;
    });
    expect(Math.min(...waits)).toBeLessThan(50);
    expect(Math.max(...waits)).toBeGreaterThan(950);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1000);
    const mean = waits.reduce((a, b) => a + b, 0) / waits.length;
    expect(Math.abs(mean - 500)).toBeLessThan(60);
  });
});

describe('liveness', () => {
  test.each([
    ['HEARTBEAT', [HEARTBEAT]],
    ['a request', REQUEST],
  ])('[W2] %s restores liveness to L', (_, frames) => {
    const w = new DrivenWorker().until(2500);
    expect(w.state.liveness).toBe(1);
    w.take();
    w.hear(...frames);
    expect(w.state.liveness).toBe(3);
    expect(w.takeFacts('liveness.restored')).toEqual([{ type: 'liveness.restored', left: 3 }]);
  });

  test('[W2] an invalid message does not', () => {
    const w = new DrivenWorker().until(2500).hear('nonsense');
    expect(w.state.liveness).toBe(1);
    expect(w.takeFacts('message.invalidated')).toHaveLength(1);
  });

  test('[W3] any message restores the reconnect interval to its start', () => {
    const w = new DrivenWorker().until(10_000);
    expect(w.state.reconnectMs).toBe(4000);
    w.until(11_500).hear('nonsense');
    expect(w.state.reconnectMs).toBe(1000);
  });

  test('[W3] a new connection alone does not', () => {
    const w = new DrivenWorker().until(4001);
    expect(w.state.phase.name).toBe('idle');
    expect(w.state.reconnectMs).toBe(2000);
  });

  test('[W4] an interval without a message costs one liveness', () => {
    const w = new DrivenWorker().at(700).hear(HEARTBEAT).until(1699);
    expect(w.state.liveness).toBe(3);
    w.take();
    w.until(1700);
    expect(w.state.liveness).toBe(2);
    expect(w.takeFacts('liveness.lost')).toEqual([{ type: 'liveness.lost', left: 2 }]);
  });

  test('[W4] a tick that comes late, after a freeze, costs one', () => {
    expect(new DrivenWorker().at(60_000).give({ type: 'tick' }).state.liveness).toBe(2);
  });

  test('[W7] while idle a heartbeat goes out each interval', () => {
    const w = new DrivenWorker();
    w.take();
    for (let ms = 500; ms <= 3500; ms += 1000) w.until(ms).hear(HEARTBEAT);
    expect(w.takeSent()).toEqual([[HEARTBEAT], [HEARTBEAT], [HEARTBEAT]]);
  });

  test('[F2] in the text dialect it says READY and HEARTBEAT in words', () => {
    expect(new DrivenWorker({ dialect: 'text' }).until(1000).takeSent()).toEqual([['READY'], ['HEARTBEAT']]);
  });
});

describe('work', () => {
  test('[W8] it replies first and works afterwards', () => {
    const w = new DrivenWorker().at(100);
    w.take();
    w.hear(...REQUEST);
    expect(w.take()).toEqual([
      { type: 'record', fact: { type: 'message.read' } },
      { type: 'send', frames: REQUEST },
      { type: 'record', fact: { type: 'work.started', untilAt: 1_100_000 } },
    ]);
  });

  test('[W8] work-then-reply is a switch', () => {
    const w = new DrivenWorker({ replyFirst: false }).at(100);
    w.take();
    w.hear(...REQUEST);
    expect(w.takeSent()).toEqual([]);
    w.until(1099);
    expect(w.takeSent()).toEqual([]);
    w.until(1100);
    expect(w.takeSent()).toContainEqual(REQUEST);
  });

  test('[W9] while it works it is deaf and silent and its liveness stands still', () => {
    const w = new DrivenWorker({ workMs: 10_000 }).hear(...REQUEST);
    w.take();
    w.until(9999);
    expect(w.take()).toEqual([]);
    expect(worker.listens(w.state)).toBe(false);
    expect(() => w.hear(HEARTBEAT)).toThrow('W9');
    w.until(10_000);
    expect(w.state).toMatchObject({ liveness: 3, phase: { name: 'idle' } });
    expect(w.takeSent()).toEqual([[HEARTBEAT]]);
    expect(worker.deadline(w.state)).toBe(11_000_000);
  });

  test('[W9] with quiet while busy off it beats while it works', () => {
    const w = new DrivenWorker({ workMs: 3500, quietWhileBusy: false }).hear(...REQUEST);
    w.take();
    w.until(3400);
    expect(w.takeSent()).toEqual([[HEARTBEAT], [HEARTBEAT], [HEARTBEAT]]);
  });

  test.each([
    [['C', '', 'a', 'b']],
    [['C', 'stack', '', '']],
    [['no', 'delimiter']],
    [['C', '\x00\x00\x00\x01', '', 'x']],
  ])('[W11] %j is a request and comes back verbatim', (frames) => {
    const w = new DrivenWorker();
    w.take();
    expect(w.hear(...frames).takeSent()).toEqual([frames]);
  });
});

describe('trouble', () => {
  const serve = (w: DrivenWorker, requests: number): DrivenWorker => {
    for (let i = 0; i < requests && w.state.phase.name !== 'gone'; i++) {
      w.hear(...REQUEST);
      // Until it listens again: to the end of its work, or of its overload and then its work.
      for (let due = worker.deadline(w.state); due !== undefined && !worker.listens(w.state); ) {
        due = worker.deadline(w.until(due / 1000).state);
      }
    }
    return w;
  };

  test('[W10] the first three requests are calm, whatever the chances', () => {
    const w = serve(new DrivenWorker({ crashChance: 1, overloadChance: 1 }), 3);
    expect(w.state.phase.name).toBe('idle');
    expect(w.takeFacts('process.overloaded', 'worker.crashed')).toEqual([]);
  });

  test('[W10] then it may crash: no reply, and the process is gone', () => {
    const w = serve(new DrivenWorker({ crashChance: 1 }), 3);
    w.take();
    w.hear(...REQUEST);
    expect(w.take()).toEqual([
      { type: 'record', fact: { type: 'message.read' } },
      { type: 'record', fact: { type: 'worker.crashed' } },
      { type: 'exit', code: 1 },
    ]);
  });

  test('[W10] or be overloaded: it spins, deaf and silent, and answers late', () => {
    const w = serve(new DrivenWorker({ overloadChance: 1 }), 3);
    w.take();
    w.at(10_000).hear(...REQUEST);
    expect(w.take().slice(1)).toEqual([
      { type: 'record', fact: { type: 'process.overloaded', untilAt: 15_000_000 } },
      { type: 'spin', untilAt: 15_000_000 },
    ]);
    expect(worker.listens(w.state)).toBe(false);
    w.until(14_999);
    expect(w.take()).toEqual([]);
    w.until(15_000);
    expect(w.take().slice(0, 2)).toEqual([
      { type: 'record', fact: { type: 'process.recovered' } },
      { type: 'send', frames: REQUEST },
    ]);
  });

  test('[W10] the same seed brings the same trouble, another seed another', () => {
    const fate = (seed: number): string =>
      JSON.stringify(
        serve(new DrivenWorker({ crashChance: 0.2, overloadChance: 0.2, seed }), 20).takeFacts(
          'worker.crashed',
          'process.overloaded',
        ),
      );
    expect(fate(5)).toBe(fate(5));
    expect(new Set([1, 2, 3, 4, 5, 6].map(fate)).size).toBeGreaterThan(2);
  });

  test('[W10] a chance of one in five is that', () => {
    const crashed = Array.from({ length: 1000 }, (_, seed) => {
      const w = serve(new DrivenWorker({ crashChance: 0.2, seed }), 4);
      return w.state.phase.name === 'gone';
    }).filter(Boolean).length;
    expect(crashed).toBeGreaterThan(150);
    expect(crashed).toBeLessThan(250);
  });

  test('an overload by command costs no liveness and keeps the work that was under way', () => {
    const w = new DrivenWorker({ replyFirst: false }).hear(...REQUEST).at(500);
    w.take();
    w.give({ type: 'overload', ms: 5000 }).until(5499);
    expect(w.takeSent()).toEqual([]);
    w.until(5500);
    expect(w.takeSent()).toContainEqual(REQUEST);
    expect(w.state.liveness).toBe(3);
  });

  test('[W12] told to stop, a spinning worker goes', () => {
    const w = new DrivenWorker().give({ type: 'overload', ms: 5000 }).give({ type: 'stop' });
    expect(w.take().at(-1)).toEqual({ type: 'exit', code: 0 });
    expect(worker.deadline(w.state)).toBeUndefined();
  });
});
