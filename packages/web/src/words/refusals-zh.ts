// What the bridge says no with, in Chinese.

import type { RefusalWords } from './refusals.ts';

export const zh: RefusalWords = {
  reason: {
    gone: ({ peer }) => `没有 ${peer}。`,
    isGuest: ({ peer }) => `${peer} 是来宾：它的进程不归我们管。`,
    notRunning: ({ peer }) => `${peer} 没有在运行。`,
    queueStays: () => '没有队列就没有舞台：可以杀死、冻结或重启它。',
    stageFull: ({ role, count }) => `已有 ${count} 个${role === 'worker' ? '工作者' : '客户端'}，舞台放不下更多。`,
    alreadyPaused: ({ peer }) => `${peer} 已经冻结。`,
    notPaused: ({ peer }) => `${peer} 没有冻结。`,
    cannotBeBusy: ({ peer }) => `${peer} 处于冻结状态，冻结的进程无法忙碌。`,
    noBeats: ({ peer }) => `${peer} 不发心跳：客户端都不发。`,
    isSimple: ({ peer }) => `${peer} 是 Simple Pirate：它不发心跳，步调由它自己定。`,
    noRate: ({ peer }) => `只有客户端才有请求频率，${peer} 不是客户端。`,

    noLink: ({ peer }) => `${peer} 没有自己的链路：请选工作者或客户端。`,
    unreadable: ({ link, why }) => `${link} 的字节无法读取（${why}）：只能破坏整个连接。`,
    notConnected: ({ link }) => `${link} 没有连接。`,
    nothingSent: ({ link }) => `${link} 的链路上还没有发送过消息。`,
    notOnLink: () => '这条消息已经不在任何链路上。',
    tooLongAgo: () => '这条消息过去太久，无法重发。',
    tooLarge: () => '这条消息太大，无法重发。',

    noFault: ({ fault }) => `没有故障 ${fault}。`,
    holdsNothing: ({ fault }) => `故障 ${fault} 没有扣留任何消息。`,

    notBegun: () => '还没有开始。',
    runOver: () => '这次运行已经结束。',
    queueEnded: () => '队列在就绪之前就结束了。',
    noProcesses: () => '系统没有更多的进程可用。',
    portTaken: ({ port }) => `端口 ${port} 已被占用。`,
    cannotBegin: ({ why }) => `无法开始（${why}）。`,
    nothingCompared: () => '现在没有对比。',
    sideFull: ({ role, count, most }) =>
      `每侧已有 ${count} 个${role === 'worker' ? '工作者' : '客户端'}，一台机器每侧最多 ${most} 个。`,
  },
  code: {
    forbidden: '只有演示者可以这样做。',
    limited: '命令过多：请稍等。',
    failed: '没有成功，责任在我们。',
    disconnected: '没有连接。',
    unanswered: '网桥没有应答。',
    recorded: '录制无法更改。',
  },
  malformed: (what) => `网桥不接受这条命令（${what}）。`,
  ofSide: (side, refusal) => `${side} 侧：${refusal}`,
  doneOn: (side) => `${side} 侧已经完成。`,
};
