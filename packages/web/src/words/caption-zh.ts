// 中文的一句话说明：名词单独成段，带上它的颜色与图形。

import type { FaultKind, Kind } from '@crows-nest/protocol';
import type { Caption } from '../model/caption-data.ts';
import type { Truth } from '../stage/truth.ts';
import { type CaptionWords, client, fault, message, type Part, queue, text, worker } from './caption-parts.ts';
import { spacedText } from './spaced.ts';

const seconds = (us: number): string => `${(us / 1e6).toFixed(1)} 秒`;

const IS: Readonly<Record<Truth, string>> = {
  running: '在运行',
  busy: '在工作，不听不说',
  frozen: '被冻结了',
  overloaded: '过载了',
  dead: '已经死了',
  reconnecting: '已认为队列失联',
  unknown: '没有连接',
};
const TO: Readonly<Record<Truth, string>> = {
  running: '一个够不到的进程',
  busy: '一个工作做完之前不会读它的进程',
  frozen: '一个无法应答的进程',
  overloaded: '一个顾不上它的进程',
  dead: '一个已不存在的进程',
  reconnecting: '一个再没人读的套接字',
  unknown: '一个已断开的连接',
};
const KINDS: Record<Kind, string> = {
  READY: 'READY',
  HEARTBEAT: '心跳',
  REQUEST: '请求',
  REPLY: '应答',
  INVALID: '无效消息',
};
const kindText = (kind: Kind, n: number | null = null): Part =>
  message(kind, `${KINDS[kind]}${n === null ? '' : ` #${n}`}`);
const etc = (n: number): string => (n === 0 ? '' : `等 ${n + 1} 个`);

const DOES: Readonly<Record<Exclude<FaultKind, 'pause' | 'slow' | 'mute' | 'hang'>, string>> = {
  drop: '丢弃',
  corrupt: '损坏',
  duplicate: '重复',
  bandwidth: '限制带宽于',
  delay: '拖延',
  reorder: '打乱',
  profile: '以慢网络传送',
  hold: '扣住',
  partition: '拦住',
};
const CUTS: Readonly<Record<string, string>> = { jammed: '堵住', refused: '拒绝' };
const DOES_TO: Readonly<Record<'pause' | 'slow' | 'mute' | 'hang', (who: string) => string>> = {
  pause: (who) => `停住了 ${who} 的进程`,
  slow: (who) => `使 ${who} 工作变慢`,
  mute: (who) => `使 ${who} 发不出心跳`,
  hang: (who) => `让 ${who} 连上，却什么也不应答`,
};

type Teller<T extends Caption['type']> = (
  caption: Extract<Caption, { type: T }>,
  name: (peer: string) => string,
) => readonly Part[];

const TELLERS: { readonly [T in Caption['type']]: Teller<T> } = {
  queueDown: ({ truth, waiting }) => [
    queue('队列'),
    fault(IS[truth]),
    text(truth === 'dead' ? '：列表没了，发给它的也没人读' : '：它不读也不发心跳，工作者将以为它失联'),
    ...(waiting > 0 ? [text('；'), message('REQUEST', `${waiting} 个请求`), text('在等')] : []),
    text('。'),
  ],
  headParted: ({ worker: { peer, truth } }, name) => [
    worker(`${name(peer)} ${IS[truth]}`, truth),
    text('，而'),
    queue('队列'),
    text('还相信它最后一次'),
    kindText('HEARTBEAT'),
    text('：下一个'),
    kindText('REQUEST'),
    text(`会交给${TO[truth]}。`),
  ],
  crowdParted: ({ workers, listed, cannot, first, next }, name) => [
    worker(`${workers} 个工作者`),
    text('里，'),
    queue('队列'),
    text('列出 '),
    queue(`${listed} 个就绪`),
    text('；其中 '),
    fault(cannot === 1 ? `${name(first.peer)} 无法应答` : `${cannot} 个无法应答`),
    text(
      next
        ? `，而下一个正是${cannot === 1 ? '它' : ` ${name(first.peer)}`}。`
        : cannot === 1
          ? '。'
          : `，最靠前的是 ${name(first.peer)}。`,
    ),
  ],
  parted: ({ worker: { peer, truth }, how, others }, name) => {
    if (how === 'unlisted') {
      return [
        worker(`${name(peer)} 在运行`, truth),
        text('，而'),
        queue('队列'),
        text(`没有列出它${others > 0 ? `，还有 ${others} 个也与事实不符` : ''}：不会有`),
        kindText('REQUEST'),
        text('给它。'),
      ];
    }
    if (how === 'idle') {
      return [
        worker(`${name(peer)} 闲着`, truth),
        text('，而'),
        queue('队列'),
        text('还在等它的'),
        kindText('REPLY'),
        text('，那个请求其实不在它手里。'),
      ];
    }
    return [
      worker(`${name(peer)} ${IS[truth]}`, truth),
      text('，而'),
      queue('队列'),
      text(`还不知道${others > 0 ? `，另有 ${others} 个工作者也与它所信不符` : ''}。`),
    ];
  },
  stuck: ({ worker: { peer, truth }, n, others }, name) => [
    worker(`${name(peer)} ${IS[truth]}`, truth),
    text('，手里还有'),
    kindText('REQUEST', n),
    text(`${others > 0 ? `，另有 ${others} 个也是如此` : ''}：`),
    queue('队列'),
    text('两样都忘了，只有客户端超时才会再问一次。'),
  ],
  expired: ({ worker: peer, truth, silentUs, fault: by, others }, name) => [
    queue('队列'),
    text('放弃了 '),
    worker(name(peer), truth),
    text(`${etc(others)}，已 ${seconds(silentUs)}没有听到：`),
    ...(by !== null && truth === 'running'
      ? [text('它在运行，但'), kindText('HEARTBEAT'), text('被 '), fault(`${by} 丢弃了`), text('。')]
      : [text(truth === 'running' ? '它又在运行，要说 READY 才会被列出。' : `它${IS[truth]}。`)]),
  ],
  lost: ({ kind, n, link, direction, fault: by, others }, name) => [
    text(direction === 'toQueue' ? `${name(link)} 发出的` : `发给 ${name(link)} 的`),
    kindText(kind, n),
    text(' '),
    fault(by === null ? '随连接丢失了' : `被 ${by} 丢弃了`),
    text(`${others > 0 ? `，此前还有 ${others} 条` : ''}；没有人会得到通知。`),
  ],
  gaveUp: ({ client: peer, n, others }, name) => [
    client(name(peer)),
    text(' '),
    fault('放弃了'),
    kindText('REQUEST', n),
    text(`：几次尝试都没有及时得到应答${others > 0 ? `；此前还有 ${others} 个` : ''}。`),
  ],
  retried: ({ client: peer, n }, name) => [
    client(name(peer)),
    text(' 没有及时等到'),
    kindText('REPLY'),
    text('，换新套接字、新标识再问一次'),
    kindText('REQUEST', n),
    text('。'),
  ],
  backOff: ({ worker: peer, others }, name) => [
    worker(name(peer), 'reconnecting'),
    text(`${etc(others)}太久没有听到`),
    queue('队列'),
    text('的'),
    kindText('HEARTBEAT'),
    text('，进入退避，之后换新标识再来。'),
  ],
  doorShut: ({ waiting }) => [
    text('列表里没有'),
    worker('工作者'),
    text('，所以'),
    queue('队列'),
    text('不读客户端：'),
    message('REQUEST', `${waiting} 个请求`),
    text('等在入口。'),
  ],
  back: ({ worker: peer, renamed }, name) => [
    worker(`${name(peer)} 回来了`),
    text(renamed ? '，换了新标识：' : '，标识没变：'),
    queue('队列'),
    text('重新把它列为就绪。'),
  ],
  fault: ({ fault: id, kind, mode, link, direction, message: only, others }, name) => {
    const more = others > 0 ? `；另有 ${others} 个故障。` : '。';
    if (kind === 'pause' || kind === 'slow' || kind === 'mute' || kind === 'hang') {
      return [fault(`故障 ${id}`), text(` ${DOES_TO[kind](name(link))}${more}`)];
    }
    const does = (kind === 'partition' && CUTS[mode ?? '']) || DOES[kind];
    const named = only === 'PING' || only === 'PONG' ? text(` ZMTP ${only}`) : only && kindText(only);
    return [
      fault(`故障 ${id}`),
      text(` 在 ${name(link)} 的链路上${does}`),
      text(direction === null ? '' : direction === 'toQueue' ? '去队列的' : '来自队列的'),
      named ?? text('一切消息'),
      text(more),
    ];
  },
  calm: ({ workers, listed, next, out, outs }, name) => {
    if (workers === 0) return [text('还没有'), worker('工作者'), text('：请求会等在'), queue('队列'), text('的入口。')];
    const rest: Part[] =
      out === null
        ? [text('。')]
        : [
            text('；'),
            worker(`${name(out.peer)} ${IS[out.truth]}`, out.truth),
            text(outs > 1 ? `，另有 ${outs - 1} 个也是如此。` : '。'),
          ];
    return [
      worker(`${workers} 个工作者`),
      text(listed >= workers ? '全部就绪' : listed === 0 ? '都还没有就绪' : `里有 ${listed} 个就绪`),
      ...(next === null ? [] : [text('：下一个'), kindText('REQUEST'), text('交给 '), worker(name(next))]),
      ...rest,
    ];
  },
};

/** 名字前后若是汉字，就不空格；标点之后也不空。 */
const closed = (parts: readonly Part[]): readonly Part[] =>
  parts.map((part, index) => {
    const before = parts[index - 1]?.text.at(-1) ?? '';
    const after = parts[index + 1]?.text.at(0) ?? '';
    let said = spacedText(part.text);
    if (said.startsWith(' ') && !LATIN.test(before)) said = said.slice(1);
    if (said.endsWith(' ') && !LATIN.test(after)) said = said.slice(0, -1);
    const apart = (LATIN.test(before) && HAN.test(said.charAt(0))) || (HAN.test(before) && LATIN.test(said.charAt(0)));
    return { ...part, text: apart ? ` ${said}` : said };
  });
const LATIN = /[0-9A-Za-z]/;
const HAN = /\p{Script=Han}/u;

export const captionZh: CaptionWords = {
  parts: (said, name) => closed((TELLERS[said.type] as Teller<Caption['type']>)(said, name)),
};
