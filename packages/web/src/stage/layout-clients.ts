// Clients in one column, or in two with every other one half a pitch lower.

import type { Arrangement, Place } from './layout.ts';
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

function clientColumns(m: number, height: number, ease: number): ClientColumns {
  const two = m > 8;
  const rows = two ? Math.ceil(m / 2) : m;
  const pitch = Math.min(236, (height - 60) / Math.max(1, two ? rows + 0.5 : rows));
  const wanted = two ? 0.6 : clamp(mix(1.12, 0.78, (m - 4) / 4), 0.78, mix(0.9, 1.12, ease));
  // The name below takes its line, however close they stand.
  const scale = Math.min(wanted, (pitch - 17) / 56);
  const half = 28 * scale;
  if (two) {
    const firstX = mix(10, 30, ease) + half;
    return { two, rows, pitch, scale, firstX, secondX: firstX + mix(42, 72, ease) };
  }
  const firstX = mix(m > 4 ? 10 : 24, m > 4 ? 38 : 78, ease) + Math.max(half, 28);
  return { two, rows, pitch, scale, firstX, secondX: firstX };
}

export function clientsRight(m: number, height: number, ease: number): number {
  const { secondX, scale } = clientColumns(m, height, ease);
  return secondX + 28 * scale;
}

export function clientPlaces(
  height: number,
  axisY: number,
  m: number,
  door: Arrangement['door'],
  ease: number,
): Pick<Arrangement, 'clients' | 'clientPitchPx'> {
  const { two, rows, pitch, scale, firstX, secondX } = clientColumns(m, height, ease);
  const ports = m > 1 ? Math.min(40, (door.gapPx - 22) / (m - 1)) : 0;
  const portX = door.x - door.lengthPx - 3;
  const clients = Array.from({ length: m }, (_, i): Place => {
    const portY = door.y + (i - (m - 1) / 2) * ports;
    if (!two) {
      return { x: firstX, y: axisY + (i - (m - 1) / 2) * pitch, scale, portX, portY };
    }
    // Odd ones stand nearer to the door and half a pitch lower, so that every link leaves freely.
    const odd = i % 2 === 1;
    const y = axisY + (Math.floor(i / 2) - (rows - 0.5) / 2 + 0.25) * pitch + (odd ? pitch / 4 : -pitch / 4);
    return { x: odd ? secondX : firstX, y, scale, portX, portY };
  });
  return { clients, clientPitchPx: pitch };
}
