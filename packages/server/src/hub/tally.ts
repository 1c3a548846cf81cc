// How often the hub said no, for the terminal and the tests: counts only, nothing of who asked.

export interface Tally {
  /** Requests and upgrades that the door or a limit turned away. */
  refused: number;
  /** Handshakes with credentials that did not do. */
  notEntered: number;
  unknownEvents: number;
  /** Connections ended because they sent too much. */
  flooded: number;
  /** How often a page got too far behind to be sent more. */
  fellBehind: number;
  /** Pages let go because they took nothing at all. */
  stalled: number;
}

export const openTally = (): Tally => ({
  refused: 0,
  notEntered: 0,
  unknownEvents: 0,
  flooded: 0,
  fellBehind: 0,
  stalled: 0,
});
