// 请求在哪里、连接怎么结束：中文分句。

import type { Ending, Whereabouts } from '@crows-nest/protocol';
import { fateOf, held } from './why-fates-zh.ts';
import type { Telling } from './why-sentence.ts';
import { ago, byFault, misaddressed, of, whom } from './why-terms-zh.ts';

export function ending(end: Ending, telling: Telling): string {
  switch (end.by) {
    case 'exit':
      return `${of(end.of, telling)} 的进程${ago(end.at, telling)}结束了`;
    case 'newSocket':
      return `${of(end.of, telling)} ${ago(end.at, telling)}${AFTER[end.after ?? 'null']}，旧套接字连同没读的消息一起消失`;
    case 'handover':
      return `${of(end.of, telling)} ${ago(end.at, telling)}以同一标识重新连接，ROUTER 把标识交给了新连接`;
    case 'closed':
      return end.end === 'tap'
        ? `它的连接${ago(end.at, telling)}在链路上被切断`
        : `${end.end === 'queue' ? '队列' : '对端'}${ago(end.at, telling)}关闭了连接`;
    case 'fault':
      return `它的连接${ago(end.at, telling)}被${byFault(end.fault, telling)}切断`;
    case 'resend':
      return `${of(end.of, telling)} 又发了一次，REQ 此时会丢掉还没读的消息`;
    case 'never':
      return '从没有这个标识的连接';
    case 'unknown':
      return '记录里没有它的连接为何结束';
  }
}

const AFTER = {
  backOff: '退避之后打开了新套接字',
  timeout: '不再等待，打开了新套接字',
  null: '打开了新套接字',
} as const;

export function whereabouts(where: Whereabouts, telling: Telling): string {
  switch (where.at) {
    case 'client':
      return `请求没有离开客户端：${held('它', where.hindrance, where.sinceAt, telling)}`;
    case 'toQueue':
      return `在去队列的路上，${fateOf(where.absence, false, telling)}`;
    case 'door':
      return `请求${ago(where.sinceAt, telling)}起等在队列入口：${atTheDoor(where, telling)}`;
    case 'queue':
      return inTheQueue(where, telling);
    case 'toWorker':
      return `队列${ago(where.givenAt, telling)}把它交给 ${whom(where.worker, telling)}，${fateOf(where.absence, false, telling)}`;
    case 'worker': {
      const { worker, readAt, hindrance, sinceAt } = where;
      const read = `${telling.name(worker)} ${ago(readAt, telling)}读到了它`;
      if (hindrance === null) return `${read}，还没有应答`;
      return hindrance === 'working' ? `${read}，仍在工作` : `${read}；随后${held('它', hindrance, sinceAt, telling)}`;
    }
    case 'fromWorker':
      return `${telling.name(where.worker)} 已应答，而应答：${fateOf(where.absence, false, telling)}`;
    case 'refused':
      return `队列${ago(where.refusedAt, telling)}拒收了 ${whom(where.worker, telling)} 的应答${
        where.damaged ? `，它途中被${byFault(where.damaged, telling)}损坏` : ''
      }`;
    case 'toClient':
      return `队列转发了应答，${fateOf(where.absence, false, telling)}`;
    case 'unrouted':
      return where.misaddressed
        ? `应答${ago(where.unroutedAt, telling)}到了，ROUTER 不认识它的地址，地址${misaddressed(where.misaddressed, telling)}`
        : `应答${ago(where.unroutedAt, telling)}才到，ROUTER 已不认识客户端的标识`;
    case 'unknown':
      return '从记录里看不出请求在哪里';
  }
}

function atTheDoor({ because, becauseSinceAt }: Extract<Whereabouts, { at: 'door' }>, telling: Telling): string {
  const when = becauseSinceAt === null ? '' : ago(becauseSinceAt, telling);
  switch (because) {
    case 'nobodyListed':
      return becauseSinceAt === null ? '列表里没有工作者' : `自 ${when}起列表里没有工作者`;
    case 'queueDead':
      return `队列的进程${when}结束了`;
    case 'queueFrozen':
      return `队列的进程${when}被停住（SIGSTOP）`;
    case 'queueOverloaded':
      return `队列${when}过载`;
    case 'behind':
      return '前面还有别的请求';
  }
}

function inTheQueue({ how, sinceAt }: Extract<Whereabouts, { at: 'queue' }>, telling: Telling): string {
  const when = ago(sinceAt, telling);
  switch (how) {
    case 'putBack':
      return `队列${when}把它从工作者那里收回，还没有别人可给`;
    case 'dropped':
      return `队列${when}在最后一次尝试后丢弃了它`;
    case 'invalid':
      return `队列${when}无法理解它`;
    case 'unrouted':
      return `队列${when}把它交给一个已经断开的工作者，被 ROUTER 丢弃`;
  }
}
