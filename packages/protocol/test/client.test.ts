import { describe, expect, test } from 'vitest';
import { client, type Message } from '../src/index.ts';

const SETTINGS: client.Settings = { id: 'c-1', everyMs: 5000, timeoutMs: 2500, tries: 3, identitySeed: 7 };
const body = (n: number, c = 'c-1'): string => `{"c":"${c}","n":${n}}`;

/** A client machine that a test drives by hand. */
class DrivenClient {
  state: client.State;
  now = 0;
  effects: client.Effect[];

  constructor(settings: Partial<client.Settings> = {}) {
    [this.state, this.effects] = client.start({ ...SETTINGS, ...settings }, 0);
  }

  at(ms: number): this {
    this.now = ms;
    return this;
  }

  hear(...frames: Message): this {
    return this.give({ type: 'message', frames });
  }

  give(input: client.Input): this {
    const [state, effects] = client.step(this.state, input, this.now * 1000);
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  until(ms: number): this {
    for (let due = client.deadline(this.state); due !== undefined && due <= ms * 1000; ) {
      this.at(due / 1000).give({ type: 'tick' });
      due = client.deadline(this.state);
    }
    return this.at(ms);
  }

  take(): client.Effect[] {
    return this.effects.splice(0);
  }

  facts(...types: string[]): object[] {
    return this.take().flatMap((e) => (e.type === 'record' && types.includes(e.fact.type) ? [e.fact] : []));
  }
}

describe('led', () => {
  test('[C5] it begins a request each time it is told to, one after the other, and never by itself', () => {
    const c = new DrivenClient({ led: true, everyMs: 0 });
    expect(client.deadline(c.state)).toBeUndefined();
    expect(c.facts('request.sent')).toEqual([]);
    c.at(100).give({ type: 'ask' });
    c.at(200).give({ type: 'ask' });
    expect(c.facts('request.sent')).toMatchObject([{ n: 1 }]);
    c.at(300).hear('', body(1));
    expect(c.facts('request.answered', 'request.sent')).toMatchObject([{ n: 1 }, { n: 2, attempt: 1 }]);
    c.at(400).hear('', body(2));
    expect(client.deadline(c.state)).toBeUndefined();
    expect(c.until(100_000).facts('request.sent')).toEqual([]);
  });

  test('[C5] what it was told while a request failed is made up for', () => {
    const c = new DrivenClient({ led: true, tries: 1 });
    for (const at of [0, 10, 20]) c.at(at).give({ type: 'ask' });
    expect(c.until(60_000).facts('request.abandoned')).toMatchObject([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('[C5] and no more than ten of them', () => {
    const c = new DrivenClient({ led: true, tries: 1 });
    for (let at = 0; at < 2000; at++) c.at(at).give({ type: 'ask' });
    expect(c.until(600_000).facts('request.abandoned')).toHaveLength(11);
    expect(c.at(700_000).give({ type: 'ask' }).facts('request.sent')).toHaveLength(1);
  });
});

describe('the request', () => {
  test('[C1] is numbered in its body with the client’s own id', () => {
    const c = new DrivenClient();
    expect(c.take().slice(1)).toEqual([
      { type: 'open', identity: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/) },
      { type: 'record', fact: { type: 'request.sent', n: 1, attempt: 1, timeoutAt: 2_500_000 } },
      { type: 'send', frames: ['', body(1)] },
    ]);
  });

  test('[C1] only one is outstanding: the next goes out when the first has met its end', () => {
    const c = new DrivenClient({ everyMs: 100 });
    c.until(2000).take();
    expect(c.state.n).toBe(1);
    c.hear('', body(1));
    expect(c.facts('request.answered', 'request.sent')).toEqual([
      { type: 'request.answered', n: 1, attempt: 1, roundTripUs: 2_000_000 },
      { type: 'request.sent', n: 2, attempt: 1, timeoutAt: 4_500_000 },
    ]);
  });

  test('[C1] requests start on a schedule, not a pause after the answer', () => {
    const c = new DrivenClient().at(900).hear('', body(1));
    expect(client.deadline(c.state)).toBe(5_000_000);
    c.until(5000);
    expect(c.state).toMatchObject({ n: 2, phase: { name: 'waiting' } });
  });

  test('a new pace counts from the start of the last request', () => {
    const c = new DrivenClient().at(900).hear('', body(1)).at(1000).give({ type: 'pace', everyMs: 2000 });
    expect(client.deadline(c.state)).toBe(2_000_000);
    c.give({ type: 'pace', everyMs: 500 });
    expect(c.state.n).toBe(2);
    expect(c.facts('client.paced')).toEqual([
      { type: 'client.paced', everyMs: 2000 },
      { type: 'client.paced', everyMs: 500 },
    ]);
  });

  test('after its last request it leaves', () => {
    const c = new DrivenClient({ requests: 2, everyMs: 0 }).hear('', body(1)).hear('', body(2));
    expect(c.take().slice(-2)).toEqual([{ type: 'close' }, { type: 'exit', code: 0 }]);
    expect(client.deadline(c.state)).toBeUndefined();
  });
});

describe('no reply', () => {
  test('[C2] the socket is closed, a new one is opened under a new identity and the same request is sent again', () => {
    const c = new DrivenClient();
    const before = c.state.identity;
    c.until(2499).take();
    c.until(2500);
    const after = c.state.identity;
    expect(after).not.toBe(before);
    expect(c.take()).toEqual([
      { type: 'record', fact: { type: 'request.retried', n: 1, attempt: 2 } },
      { type: 'close' },
      { type: 'record', fact: { type: 'client.opened', identity: after } },
      { type: 'open', identity: after },
      { type: 'record', fact: { type: 'request.sent', n: 1, attempt: 2, timeoutAt: 5_000_000 } },
      { type: 'send', frames: ['', body(1)] },
    ]);
  });

  test('[C2] the round trip is that of the try that was answered', () => {
    const c = new DrivenClient().until(3000).hear('', body(1));
    expect(c.facts('request.answered')).toEqual([{ type: 'request.answered', n: 1, attempt: 2, roundTripUs: 500_000 }]);
  });

  test('[C3] after 3 tries the request is abandoned with a fact and the client goes on with the next', () => {
    const c = new DrivenClient().until(7500);
    expect(c.facts('request.abandoned', 'request.sent').slice(-2)).toEqual([
      { type: 'request.abandoned', n: 1, tries: 3 },
      { type: 'request.sent', n: 2, attempt: 1, timeoutAt: 10_000_000 },
    ]);
  });

  test('[C3] the socket of an abandoned request is not used again', () => {
    const c = new DrivenClient({ everyMs: 20_000 }).until(7499);
    c.take();
    c.until(7500);
    expect(c.take().map((e) => e.type)).toEqual(['record', 'close', 'record', 'open']);
    expect(client.deadline(c.state)).toBe(20_000_000);
  });
});

describe('foreign replies', () => {
  test.each([
    ['another number', body(2)],
    ['another client', body(1, 'c-2')],
    ['no body of ours', 'hello'],
  ])('[C4] a reply with %s is not accepted', (_, text) => {
    const c = new DrivenClient().at(100).hear('', text);
    expect(c.facts('request.answered', 'reply.refused')).toEqual([
      { type: 'reply.refused', reason: 'it answers another request' },
    ]);
    expect(c.state).toMatchObject({ n: 1, phase: { name: 'waiting', attempt: 1 } });
    expect(client.listens(c.state)).toBe(false);
    c.until(2500);
    expect(client.listens(c.state)).toBe(true);
  });

  test('[C4] a reply without an envelope is invalid', () => {
    expect(new DrivenClient().hear(body(1)).facts('message.invalidated')).toHaveLength(1);
  });

  test('a message while nothing is asked is a defect of the driver', () => {
    const c = new DrivenClient().hear('', body(1));
    expect(() => c.hear('', body(1))).toThrow();
  });
});
