// 某一时刻的状况，中文句子；以及中文「为什么」的全部。

import type { Cause, Micros, Standing, Truth } from '@crows-nest/protocol';
import { spacedText } from './spaced.ts';
import { CAUSES } from './why-causes-zh.ts';
import { notListed } from './why-fates-zh.ts';
import { whereabouts } from './why-places-zh.ts';
import { rough, type Sentence, type Telling, type WhyWords } from './why-sentence.ts';
import { setting } from './why-terms-zh.ts';

const lone = (text: string): Sentence => ({ lead: `${text}。`, rest: '' });
const live = (at: Micros, { t }: Telling): string => `${rough(t - at)} 秒前`;

function belief(standing: Extract<Standing, { kind: 'worker' }>, telling: Telling): Sentence {
  const { belief: believed, lastHeardAt, missed: beats, intervalUs } = standing;
  const heard = lastHeardAt === null ? '从未听到它' : `最近一次听到它是 ${live(lastHeardAt, telling)}`;
  const beatsMissed = beats.length === 0 ? '' : `，错过了 ${beats.length} 次 ${setting(intervalUs)}一次的心跳`;
  const expiry = (at: Micros | null): string =>
    at === null
      ? '一直在列，直到领到请求，听没听到都一样：'
      : at >= telling.t
        ? `若再听不到，${rough(at - telling.t)} 秒后过期：`
        : `已超期 ${rough(telling.t - at)} 秒，尚未清除：`;
  switch (believed.as) {
    case 'listed':
      return { lead: expiry(believed.expiryAt), rest: `${heard}${beatsMissed}。` };
    case 'atWork':
      return believed.expiryAt === null
        ? { lead: '工作中，开口之前被遗忘：', rest: `它 ${live(believed.sinceAt, telling)}领到一个请求。` }
        : {
            lead: expiry(believed.expiryAt),
            rest: `已工作 ${rough(telling.t - believed.sinceAt)} 秒，${heard}${beatsMissed}。`,
          };
    case 'forgotten': {
      const spoke = lastHeardAt !== null && lastHeardAt > believed.at;
      const then = spoke
        ? `它 ${live(lastHeardAt, telling)}又说过话，但只有 READY 或应答才能让它重新列入`
        : `${heard}；在它说 READY 之前，队列什么也不给它`;
      return { lead: `${live(believed.at, telling)}已过期：`, rest: `${then}。` };
    }
    case 'unlisted':
      return { lead: '不在列表里：', rest: `${notListed(believed, telling)}。` };
    case 'noQueue':
      return { lead: '没有谁对它有信念：', rest: `队列的进程 ${live(believed.sinceAt, telling)}结束了。` };
  }
}

function truth({ what, sinceAt, untilAt, signal, connected }: Truth, telling: Telling): string {
  const tcp = connected ? '它的 TCP 连接还在' : '它没有连接';
  const left = untilAt === null ? '' : `，还有 ${rough(untilAt - telling.t)} 秒`;
  const when = sinceAt === null ? '' : ` ${live(sinceAt, telling)}`;
  switch (what) {
    case 'running':
      return connected ? '进程在运行，连接正常。' : '进程在运行，没有连接。';
    case 'working':
      return `进程在工作${left}，按设计不听也不说。`;
    case 'frozen':
      return `进程被停住（SIGSTOP），${tcp}。`;
    case 'overloaded':
      return `进程在忙循环里空转${left}，${connected ? '套接字还应答' : tcp}。`;
    case 'dead':
      return `进程${when}结束了${signal === null ? '' : `（${signal}）`}${connected ? '，而连接看起来还开着' : ''}。`;
    case 'backingOff':
      return `它认为队列失联，${untilAt === null ? '即将' : `${rough(untilAt - telling.t)} 秒后`}打开新套接字。`;
    case 'unknown':
      return connected ? '它是来宾：进程无从得知，连接正常。' : '它是来宾，没有连接。';
  }
}

function waiting(standing: Extract<Standing, { kind: 'client' }>, telling: Telling): Sentence {
  const { request, truth: real } = standing;
  if (!request) {
    return real.what === 'running' ? lone('它没有在等：下一个请求还没到时候') : lone(truth(real, telling).slice(0, -1));
  }
  const { n, attempt, sentAt, timeoutAt, where } = request;
  const due = timeoutAt >= telling.t ? `${rough(timeoutAt - telling.t)} 秒后不再等` : '马上不再等';
  return {
    lead: `自 ${live(sentAt, telling)}起等 #${n}，第 ${attempt} 次，${due}：`,
    rest: `${whereabouts(where, telling)}。${real.what === 'running' ? '' : truth(real, telling)}`,
  };
}

const spaced = ({ lead, rest }: Sentence): Sentence => ({ lead: spacedText(lead), rest: spacedText(rest) });

export const whyZh: WhyWords = {
  cause: (cause: Cause, telling) =>
    spaced((CAUSES[cause.kind] as (cause: Cause, telling: Telling) => Sentence)(cause, telling)),
  standing: (standing, telling) => {
    if (standing.kind === 'client') return spaced(waiting(standing, telling));
    const { lead, rest } = belief(standing, telling);
    return spaced({ lead, rest: `${rest}${truth(standing.truth, telling)}` });
  },
};
