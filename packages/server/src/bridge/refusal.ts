// What cannot be done as asked, in one line for the person who asked.

export class Refusal extends Error {}

/** This troupe has been ended, or is about to be. */
export const isOver = (): Refusal => new Refusal('this run is over');
