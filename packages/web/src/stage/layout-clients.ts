// Clients in one column, or in two with every other one half a pitch lower.

import type { Arrangement, Ease, Measure, Place } from './layout.ts';
import { clamp, mix } from './mix.ts';

interface ClientColumns {
  two: boolean;
  rows: number;
  pitch: number;
  scale: number;
  /** Centres of the first column and the second. */
  firstX: number;
  secondX: number;
}

function clientColumns({ width, height, room }: Measure, m: number, ease: Ease): ClientColumns {
  const two = m > 8;
  const narrow = ease.narrow < 1;
  const rows = two ? Math.ceil(m / 2) : m;
  const farthest = room > 0 ? 380 * room : 236;
  const pitch = Math.min(farthest, (height - 60) / Math.max(1, two ? rows + 0.5 : rows));
  const largest = room > 0 ? 1.79 * room : narrow ? mix(0.6, 0.9, ease.narrow) : mix(0.9, 1.12, ease.wide);
  const wanted = two
    ? (narrow ? 0.5 : 0.6) * Math.max(1, 1.5 * room)
    : clamp(mix(largest, 0.78, (m - 4) / 4), Math.min(0.78, largest), largest);
  // The name below takes its line, however close they stand.
  const scale = Math.max(0.2, Math.min(wanted, (pitch - (room > 0 ? 30 : 17)) / 56));
  const half = 28 * scale;
  if (two) {
    const firstX = (narrow ? 6 : mix(10, 30, ease.wide)) + half;
    const apart = narrow ? 2 * half + 3 : mix(42, 72, ease.wide) * Math.max(1, 1.4 * room);
    return { two, rows, pitch, scale, firstX, secondX: firstX + apart };
  }
  const margin = narrow ? mix(6, 24, ease.narrow) : mix(m > 4 ? 10 : 24, m > 4 ? 38 : 78, ease.wide);
  const firstX = room > 0 ? Math.max(half + 24, width * 0.078) : margin + Math.max(half, narrow ? 16 : 28);
  return { two, rows, pitch, scale, firstX, secondX: firstX };
}

export function clientsRight(measure: Measure, m: number, ease: Ease): number {
  const { secondX, scale } = clientColumns(measure, m, ease);
  return secondX + 28 * scale;
}

export function clientPlaces(
  measure: Measure,
  m: number,
  door: Arrangement['door'],
  ease: Ease,
): Pick<Arrangement, 'clients' | 'clientPitchPx'> {
  const { two, rows, pitch, scale, firstX, secondX } = clientColumns(measure, m, ease);
  const axisY = measure.height / 2;
  const ports = m > 1 ? Math.min(40 * Math.max(1, 1.45 * measure.room), (door.gapPx - 22) / (m - 1)) : 0;
  const portX = door.x - door.lengthPx - 3;
  const clients = Array.from({ length: m }, (_, i): Place => {
    const portY = door.y + (i - (m - 1) / 2) * ports;
    if (!two) {
      return { x: firstX, y: axisY + (i - (m - 1) / 2) * pitch, scale, portX, portY, alpha: 1 };
    }
    // Odd ones stand nearer to the door and half a pitch lower, so that every link leaves freely.
    const odd = i % 2 === 1;
    const y = axisY + (Math.floor(i / 2) - (rows - 0.5) / 2 + 0.25) * pitch + (odd ? pitch / 4 : -pitch / 4);
    return { x: odd ? secondX : firstX, y, scale, portX, portY, alpha: 1 };
  });
  return { clients, clientPitchPx: pitch };
}
