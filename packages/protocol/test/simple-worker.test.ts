import { describe, expect, it } from 'vitest';
import { type Message, simpleWorker } from '../src/index.ts';

const REQUEST: Message = ['', 'CLIENT', 'further', '', 'body', ''];
const settings: simpleWorker.Settings = { dialect: 'text', workMs: 1000, identitySeed: 7 };
const frames = (effects: readonly simpleWorker.Effect[]): Message[] =>
  effects.flatMap((effect) => (effect.type === 'send' ? [effect.frames] : []));

describe('the Simple Pirate worker', () => {
  it('[SP5] READY first, then one request at a time: it works, and answers with the envelope as it came', () => {
    const [ready, said] = simpleWorker.start(settings, 0);
    expect(said.map(({ type }) => type)).toEqual(['record', 'open', 'send']);
    expect(frames(said)).toEqual([['', 'READY']]);
    const [working, atOnce] = simpleWorker.step(ready, { type: 'message', frames: REQUEST }, 10);
    expect(frames(atOnce)).toEqual([]);
    expect(simpleWorker.listens(working)).toBe(false);
    expect(simpleWorker.deadline(working)).toBe(1_000_010);
    const [early, nothing] = simpleWorker.step(working, { type: 'tick' }, 1_000_009);
    expect(nothing).toEqual([]);
    const [idle, answer] = simpleWorker.step(early, { type: 'tick' }, 1_000_010);
    expect(frames(answer)).toEqual([REQUEST]);
    expect(simpleWorker.listens(idle)).toBe(true);
  });

  it('[SP5] neither beats nor counts silence: idle, it has no deadline at all', () => {
    const [state] = simpleWorker.start(settings, 0);
    expect(simpleWorker.deadline(state)).toBeUndefined();
    expect(simpleWorker.step(state, { type: 'tick' }, 86_400_000_000)).toEqual([state, []]);
  });

  it('[SP6] READY is said once in its life', () => {
    let [state, effects] = simpleWorker.start({ ...settings, dialect: 'rfc' }, 0);
    const said = [...frames(effects)];
    for (let n = 0; n < 3; n++) {
      [state, effects] = simpleWorker.step(state, { type: 'message', frames: REQUEST }, n * 2_000_000);
      [state, effects] = simpleWorker.step(state, { type: 'tick' }, n * 2_000_000 + 1_000_000);
      said.push(...frames(effects));
    }
    expect(said).toEqual([['', '\x01'], REQUEST, REQUEST, REQUEST]);
  });

  it('a stop ends it, whatever it does', () => {
    const [state] = simpleWorker.start(settings, 0);
    const [working] = simpleWorker.step(state, { type: 'message', frames: REQUEST }, 0);
    const [gone, effects] = simpleWorker.step(working, { type: 'stop' }, 1);
    expect(effects.map(({ type }) => type)).toEqual(['close', 'exit']);
    expect(simpleWorker.step(gone, { type: 'tick' }, 2_000_000)).toEqual([gone, []]);
  });

  it('a restart as the same has its identity', () => {
    expect(simpleWorker.start({ ...settings, fixedIdentity: '0001-0002' }, 0)[0].identity).toBe('0001-0002');
    expect(simpleWorker.start(settings, 0)[0].identity).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}$/);
  });
});
