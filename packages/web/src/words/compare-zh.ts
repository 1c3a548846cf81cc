// A/B: two systems side by side, in Chinese. Fetched with the panels that need it, not with the page.

import type { CompareWords } from './compare.ts';

export const zh: CompareWords = {
  intro: '两套系统并排运行，都是真实的：相同的请求在同一时刻开始，每个故障同时打在两侧。不同的只有你在这里选择的。',
  showNote: '面板与时空图显示这一侧',
  ready: '现成的对比',
  name: {
    doubleDispatch: '重复派发：listing 对 guide',
    robust: '重复派发：robust 对 guide',
    simple: '偏执海盗对简单海盗',
    liveness: 'liveness 3 对 1',
  },
  about: {
    doubleDispatch:
      '工作者在工作时也发心跳。guide 的队列把心跳当作空闲，又把请求交给忙碌的工作者；listing 不理会名单之外的心跳。',
    robust: '同样的工作者：robust 知道谁在工作，它们的心跳只会刷新时限。',
    simple: '在两侧杀死工作者 1：没有心跳，队列会继续把请求交给它，永远不会发现。',
    liveness: '给所有链路加上带抖动的延迟，或让一个工作者变慢：只等一拍，活着的也会被放弃。',
  },
  try: (about) => `看什么：${about}`,

  sideOf: (side) => `${side} 侧`,
  pattern: '工作者',
  paranoid: '偏执海盗',
  simple: '简单海盗',
  both: '两侧相同',
  workers: '每侧工作者数',
  clients: '每侧客户端数',
  workMs: '工作时长，毫秒',
  everyMs: '请求间隔，毫秒',
  begin: '开始对比',
  another: '换一个对比',
  ends: '现在的运行会结束；它的录制会保留。',
  alike: '两侧相同：表中只会显示偶然的差别。',

  table: '差别',
  caption: '到播放位置为止两侧各自的结果',
  since: (time) => `从 ${time} 起计：本页后来才打开`,
  figureHead: '指标',
  better: '较好',
  nothingYet: '尚无',
  latest: (figure, side) => `${figure}，${side} 侧：查看最近一次`,
  figure: {
    asked: '开始的请求',
    answered: '已答复',
    open: '仍未完成',
    lost: '被客户端放弃',
    retried: '重试',
    executedTwice: '被执行两次',
    doubleDispatches: '交给了忙碌的工作者',
    sentToNobody: '交给了不存在的工作者',
    detected: '被发现的死亡',
    detectionMeanMs: '发现用时，平均',
    detectionMostMs: '发现用时，最长',
    undetected: '未被发现的死亡',
    falseDeaths: '活着却被放弃',
  },
  figureNote: {
    executedTwice: '同一个请求被执行了不止一次。',
    doubleDispatches: '重复派发：队列把请求交给了尚未答复上一个请求的工作者。',
    sentToNobody: '队列把请求交给了已经不在的工作者：路由套接字会无声地丢弃它。',
    undetected: '队列仍相信它活着，或交给了它一个请求，因而永远不会发现。',
    falseDeaths: '误判死亡：进程在运行且已连接，只是没被听到、变慢或忙碌。',
  },

  ask: '每个客户端发一个请求',
  pace: '每个客户端的请求间隔',
  end: '结束对比',
  endNote: '一套系统重新开始。',
};
