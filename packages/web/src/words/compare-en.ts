// A/B: two systems side by side, in English. Fetched with the panels that need it, not with the page.

import type { Figure } from '@crows-nest/protocol';
import type { ComparisonName } from '../model/comparisons.ts';

const figure: Record<Figure, string> = {
  asked: 'requests begun',
  answered: 'answered',
  open: 'still open',
  lost: 'given up by the client',
  retried: 'tried again',
  executedTwice: 'worked on twice',
  doubleDispatches: 'given to a busy worker',
  sentToNobody: 'given to nobody',
  detected: 'deaths noticed',
  detectionMeanMs: 'noticed after, mean',
  detectionMostMs: 'noticed after, longest',
  undetected: 'deaths not noticed',
  falseDeaths: 'given up while alive',
};

const figureNote: Partial<Record<Figure, string>> = {
  executedTwice: 'The same request was worked on more than once.',
  doubleDispatches: 'Double dispatch: the queue gave a request to a worker that had not answered the one before.',
  sentToNobody: 'The queue gave a request to a worker that was not there any more: the router drops it in silence.',
  undetected: 'The queue still believes in it, or gave it a request and so will never notice.',
  falseDeaths: 'False death: the process ran and was connected, only unheard, slow or busy.',
};

const name: Record<ComparisonName, string> = {
  doubleDispatch: 'Double dispatch: listing against guide',
  robust: 'Double dispatch: robust against guide',
  simple: 'Paranoid against Simple',
  liveness: 'Liveness 3 against 1',
};

const about: Record<ComparisonName, string> = {
  doubleDispatch:
    'Workers beat while they work. The guide’s queue takes a beat for being free and gives the busy worker another request; listing ignores beats of whom it does not list.',
  robust: 'The same workers: robust knows who is at work, and a beat from them only refreshes.',
  simple: 'Kill worker 1 on both sides: without heartbeats the queue goes on giving it requests, and never notices.',
  liveness: 'Delay all links with jitter, or slow a worker: with one beat of patience the living are given up as well.',
};

export const en = {
  intro:
    'Two systems side by side, both real: the same requests begin at the same moment, and every fault strikes both. Only what you choose here differs.',
  showNote: 'The panels and the diagram are about this side',
  ready: 'Ready-made',
  name,
  about,
  try: (about: string) => `What to see: ${about}`,

  sideOf: (side: string) => `Side ${side}`,
  pattern: 'workers',
  paranoid: 'Paranoid Pirate',
  simple: 'Simple Pirate',
  both: 'Both sides',
  workers: 'workers a side',
  clients: 'clients a side',
  workMs: 'work, ms',
  everyMs: 'ask every, ms',
  begin: 'Begin the comparison',
  another: 'Another comparison',
  ends: 'What runs now ends; its recording stays.',
  alike: 'Both sides are alike: the table will show what chance does.',

  table: 'Differences',
  caption: 'What came of each side up to the playhead',
  since: (time: string) => `counted since ${time}: this page came later`,
  figureHead: 'figure',
  better: 'better',
  nothingYet: 'none yet',
  latest: (figure: string, side: string) => `${figure}, side ${side}: show the latest`,
  figure,
  figureNote,

  ask: 'One request of each client',
  pace: 'Each client asks every',
  end: 'End the comparison',
  endNote: 'One system begins anew.',
};
