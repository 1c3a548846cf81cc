// The stage's targets as things that can hold focus: places follow the picture, what is read aloud changes at most once a second.

import type { Heading } from '../model/navigate.ts';
import { neighbour } from '../model/navigate.ts';
import { type Selection, selectionKey } from '../model/selection.ts';
import type { Target } from '../stage/scene.ts';

export interface OverlayItem {
  readonly key: string;
  readonly selection: Selection;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const PLACES_MS = 100;
const LABELS_MS = 1000;

export class Overlay {
  items = $state.raw<readonly OverlayItem[]>([]);
  summary = $state('');
  /** The one Tab stop. */
  current = $state<string | null>(null);
  #labels = new Map<string, string>();
  #placedAt = Number.NEGATIVE_INFINITY;
  #labelledAt = Number.NEGATIVE_INFINITY;
  #locale = '';

  readonly stop: string | null = $derived(
    this.items.some((item) => item.key === this.current) ? this.current : (this.items[0]?.key ?? null),
  );

  /** Whether it is time to show again; `at` in milliseconds. */
  due(at: number): boolean {
    return at - this.#placedAt >= PLACES_MS;
  }

  /** True when all of it was taken over, what is read aloud as well. */
  show(targets: readonly Target[], summary: string, at: number, locale: string): boolean {
    if (!this.due(at)) return false;
    this.#placedAt = at;
    const fresh = at - this.#labelledAt >= LABELS_MS || locale !== this.#locale;
    this.#locale = locale;
    if (fresh) {
      this.#labelledAt = at;
      this.summary = summary;
    }
    const before = this.#labels;
    this.#labels = new Map();
    const items = targets.map((target): OverlayItem => {
      const key = selectionKey(target.selection);
      const label = (fresh ? undefined : before.get(key)) ?? target.label;
      this.#labels.set(key, label);
      const { selection, x, y, width, height } = target;
      return { key, selection, label, x, y, width, height };
    });
    if (!same(items, this.items)) this.items = items;
    return fresh;
  }

  /** Moves the Tab stop and says to which item. */
  move(heading: Heading | 'first' | 'last'): string | null {
    const from = this.items.findIndex((item) => item.key === this.stop);
    const index =
      heading === 'first' ? 0 : heading === 'last' ? this.items.length - 1 : neighbour(this.items, from, heading);
    this.current = this.items[index]?.key ?? null;
    return this.current;
  }
}

const same = (a: readonly OverlayItem[], b: readonly OverlayItem[]): boolean =>
  a.length === b.length &&
  a.every((item, i) => {
    const other = b[i];
    return (
      other !== undefined &&
      item.key === other.key &&
      item.label === other.label &&
      item.x === other.x &&
      item.y === other.y &&
      item.width === other.width &&
      item.height === other.height
    );
  });
