// Whatever happens in drawn runs has a cause that the trace can tell, with evidence that is there and is not later.

import { expect, test } from 'vitest';
import { type Absence, type Cause, EXPLAINED, type Rules, type TraceEvent, type Why, why } from '../src/index.ts';
import { drawSchedule, withStrangers } from '../src/sim/index.ts';
import { drawnTrace, factsOf, PlainTrace } from './why-trace.ts';

const RULES: readonly Rules[] = ['listing', 'guide', 'robust', 'simple'];
const SEEDS = Number(process.env.WHY_SEEDS ?? 24);
const PATIENCE_MS = 240_000;

const absencesOf = (cause: Cause): (Absence | null)[] => {
  switch (cause.kind) {
    case 'worker.expired':
      return cause.beats.map((beat) => beat.absence);
    case 'liveness.lost':
    case 'worker.backedOff':
      return [...cause.beats.map((beat) => beat.absence), cause.silence];
    case 'worker.ignored':
      return [cause.ready];
    case 'request.retried':
    case 'request.abandoned':
      return 'absence' in cause.where ? [cause.where.absence] : [];
    default:
      return [];
  }
};

/** The kind of a cause down to what distinguishes its sentence: what is counted. */
function detailOf(cause: Cause): string {
  const absences = absencesOf(cause).flatMap((absence) =>
    absence
      ? [
          `${absence.how}${'hindrance' in absence ? `:${absence.hindrance}` : 'why' in absence ? `:${absence.why}` : ''}`,
        ]
      : [],
  );
  const more =
    'where' in cause
      ? `${cause.where.at}${'because' in cause.where ? `:${cause.where.because}` : ''}${'how' in cause.where ? `:${cause.where.how}` : ''}${'hindrance' in cause.where ? `:${cause.where.hindrance}` : ''}`
      : 'ending' in cause
        ? cause.ending.by
        : 'because' in cause
          ? cause.because
          : 'ghost' in cause && cause.ghost
            ? 'ghost'
            : '';
  return [cause.kind, more, ...new Set(absences)].filter((part) => part !== '').join(' ');
}

function isUnknown(cause: Cause): boolean {
  if (absencesOf(cause).some((absence) => absence?.how === 'unknown')) return true;
  if ('ending' in cause && cause.ending.by === 'unknown') return true;
  if (
    'where' in cause &&
    (cause.where.at === 'unknown' || (cause.where.at === 'worker' && cause.where.hindrance === null))
  )
    return true;
  if (cause.kind === 'worker.expired') return !cause.ghost && cause.beats.length === 0;
  if (cause.kind === 'liveness.lost' || cause.kind === 'worker.backedOff') {
    return cause.beats.length === 0 && cause.silence === null;
  }
  return cause.kind === 'reply.refused' && cause.because === 'stranger';
}

function check(trace: PlainTrace, fact: TraceEvent, said: Why | undefined): string | undefined {
  if (!said) return 'no cause';
  if (said.cause.kind !== fact.type) return `a cause of ${said.cause.kind}`;
  if (isUnknown(said.cause)) return `unknown: ${JSON.stringify(said.cause)}`;
  for (const { seq } of said.evidence) {
    const shown = trace.event(seq);
    if (!shown) return `evidence ${seq} is no fact`;
    if (shown.t > fact.t) return `evidence ${shown.type} at ${shown.t} is later`;
  }
  return figures(trace, fact, said);
}

function figures(trace: PlainTrace, fact: TraceEvent, { cause, evidence }: Why): string | undefined {
  if (cause.kind === 'worker.expired' && fact.type === 'worker.expired') {
    const cited = evidence.flatMap(({ seq, role }) => (role === 'lastHeard' ? [trace.event(seq)] : []));
    if (cited[0]?.t !== cause.lastHeardAt || cause.lastHeardAt !== fact.lastHeardAt) return 'heard at another time';
  }
  for (const absence of absencesOf(cause)) {
    const since = absence && 'sinceAt' in absence && !isVague(absence) ? absence.sinceAt : null;
    if (since !== null && !evidence.some(({ seq }) => trace.event(seq)?.t === since)) {
      return `no evidence for ${JSON.stringify(absence)}`;
    }
  }
  return undefined;
}

/** A connection that never was has no fact that began its absence. */
const isVague = (absence: Absence): boolean =>
  absence.how === 'unsent' && (absence.hindrance === 'disconnected' || absence.hindrance === 'cutOff');

const counts = new Map<string, number>();

const strange = (seed: number, rules: Rules): PlainTrace =>
  new PlainTrace(factsOf(withStrangers(drawSchedule(seed, rules, 2))));

/** Of Simple workers among Paranoid ones a third as many runs. */
const SWARMS = [
  ...RULES.map((rules) => [rules, SEEDS, (seed: number) => drawnTrace(seed, rules, 2)] as const),
  ...RULES.map((rules) => [`${rules}, with strangers`, SEEDS / 3, (seed: number) => strange(seed, rules)] as const),
];

test.each(SWARMS)(
  '[Y1] %s: every state change has a cause',
  (name, seeds, draw) => {
    let asked = 0;
    let slowestMs = 0;
    const failures: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const trace = draw(seed);
      for (const fact of trace.facts) {
        if (!EXPLAINED.has(fact.type)) continue;
        asked++;
        const beganAt = performance.now();
        const said = why(trace, fact.seq);
        slowestMs = Math.max(slowestMs, performance.now() - beganAt);
        const failure = check(trace, fact, said);
        if (failure) failures.push(`${fact.type} #${fact.seq} at ${fact.t}, seed ${seed}: ${failure}`);
        if (said) counts.set(detailOf(said.cause), (counts.get(detailOf(said.cause)) ?? 0) + 1);
      }
    }
    console.log(`${name}: ${asked} causes over ${seeds} seeds, slowest ${slowestMs.toFixed(1)} ms`);
    expect(failures.slice(0, Number(process.env.WHY_SHOW ?? 12))).toEqual([]);
  },
  PATIENCE_MS,
);

test('the kinds of causes that were met', () => {
  const kinds = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  console.log(kinds.map(([kind, n]) => `${String(n).padStart(7)}  ${kind}`).join('\n'));
  expect(kinds.length).toBeGreaterThan(40);
});
