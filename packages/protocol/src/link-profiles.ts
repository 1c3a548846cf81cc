// Networks by name: what a link is like that goes over one, each way. TCP loses no message: a lost packet is sent again, and costs
// the time that this takes, while everything behind it waits. So a profile has stalls where others would have drops.

import type { Distribution } from './link-time.ts';

export interface Profile {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly distribution: Distribution;
  readonly bytesPerSecond: number;
  /** Chance that a message has to be sent again. */
  readonly loss: number;
  /** Where the figures are from. */
  readonly source: string;
}

export const PROFILE_NAMES = ['lan', 'conference-wifi', '3g', 'satellite', 'transatlantic'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

const MBIT = 125_000;

export const PROFILES: Record<ProfileName, Profile> = {
  lan: {
    ...{ delayMs: 0.2, jitterMs: 0.05, distribution: 'normal', bytesPerSecond: 1000 * MBIT, loss: 0 },
    source: 'Gigabit Ethernet (IEEE 802.3ab), a switch or two: round trips of some tenths of a millisecond',
  },
  'conference-wifi': {
    ...{ delayMs: 15, jitterMs: 12, distribution: 'pareto', bytesPerSecond: 2 * MBIT, loss: 0.02 },
    source: 'our own estimate of a full hall: a shared channel, late ones in a long tail, every fiftieth packet again',
  },
  '3g': {
    ...{ delayMs: 150, jitterMs: 30, distribution: 'normal', bytesPerSecond: 96_000, loss: 0.01 },
    source: "WebPageTest's 3G: 300 ms round trip, 768 kbit/s up",
  },
  satellite: {
    ...{ delayMs: 260, jitterMs: 10, distribution: 'normal', bytesPerSecond: 10 * MBIT, loss: 0.005 },
    source: 'RFC 2488: 239.6 to 279.0 ms up to a geostationary satellite and down',
  },
  transatlantic: {
    ...{ delayMs: 36, jitterMs: 1, distribution: 'normal', bytesPerSecond: 100 * MBIT, loss: 0.001 },
    source: 'London to New York: about 70 ms round trip, as carriers publish it',
  },
};

/** TCP waits at least this long before it sends again (Linux, TCP_RTO_MIN), on top of a round trip. */
const LEAST_RETRANSMISSION_MS = 200;

export const stallMs = ({ delayMs }: Profile): number => LEAST_RETRANSMISSION_MS + 2 * delayMs;
