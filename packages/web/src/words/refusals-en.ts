// What the bridge says no with, in English. Each follows "Not done: ".

import type { RefusalWords } from './refusals.ts';

export const en: RefusalWords = {
  reason: {
    gone: ({ peer }) => `there is no ${peer}.`,
    isGuest: ({ peer }) => `${peer} is a guest: its process is not ours.`,
    notRunning: ({ peer }) => `${peer} is not running.`,
    queueStays: () => 'there is no stage without the queue: kill, freeze or restart it.',
    stageFull: ({ role, count }) => `there are ${count} ${role}s, and no more fit on the stage.`,
    alreadyPaused: ({ peer }) => `${peer} is frozen already.`,
    notPaused: ({ peer }) => `${peer} is not frozen.`,
    cannotBeBusy: ({ peer }) => `${peer} is frozen, and what is frozen cannot be busy.`,
    noBeats: ({ peer }) => `${peer} sends no heartbeats: no client does.`,
    isSimple: ({ peer }) => `${peer} is a Simple Pirate: it sends no heartbeats and keeps its own pace.`,
    noRate: ({ peer }) => `only a client has a request rate, and ${peer} is none.`,

    noLink: ({ peer }) => `${peer} has no link of its own: choose a worker or client.`,
    unreadable: ({ link, why }) =>
      `the bytes of ${link} cannot be read (${why}): only the connection as a whole can be broken.`,
    notConnected: ({ link }) => `${link} has no connection.`,
    nothingSent: ({ link }) => `nothing has been sent on the link of ${link} yet.`,
    notOnLink: () => 'that message is on no link any more.',
    tooLongAgo: () => 'that message is too long ago to be sent again.',
    tooLarge: () => 'that message is too large to be sent again.',

    noFault: ({ fault }) => `there is no fault ${fault}.`,
    holdsNothing: ({ fault }) => `fault ${fault} holds no message.`,

    notBegun: () => 'nothing has begun yet.',
    runOver: () => 'this run is over.',
    queueEnded: () => 'the queue ended before it was ready.',
    noProcesses: () => 'the system has no more processes.',
    portTaken: ({ port }) => `port ${port} is taken.`,
    cannotBegin: ({ why }) => `it could not begin (${why}).`,
    nothingCompared: () => 'nothing is compared.',
    sideFull: ({ role, count, most }) => `there are ${count} ${role}s a side, and at most ${most} fit on one machine.`,
  },
  code: {
    forbidden: 'only the presenter may do this.',
    limited: 'too many commands: wait a moment.',
    failed: 'it did not work, and the fault is ours.',
    disconnected: 'there is no connection.',
    unanswered: 'the bridge did not answer.',
    recorded: 'a recording cannot be changed.',
  },
  malformed: (what) => `the bridge does not take it (${what}).`,
  ofSide: (side, refusal) => `side ${side}: ${refusal}`,
  doneOn: (side) => ` On side ${side} it is done.`,
};
