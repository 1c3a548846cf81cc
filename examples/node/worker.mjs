// A Paranoid Pirate worker: says READY, answers requests, beats, and comes back when it has lost its queue.

import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer } from 'zeromq';

const QUEUE = process.argv[2] ?? 'tcp://127.0.0.1:5556';
const READY = '\x01';
const HEARTBEAT = '\x02';
const INTERVAL_MS = 1000;
/** Intervals of silence after which the queue is given up. */
const LIVENESS = 3;
const RECONNECT_MAX_MS = 32_000;

/** The next message, or undefined if none comes within `ms`. */
async function receive(socket, ms) {
  socket.receiveTimeout = Math.max(1, Math.ceil(ms));
  return await socket.receive().catch(() => undefined);
}

let reconnectMs = 1000;
for (;;) {
  // A new socket begins a new conversation, and READY is its first word.
  const socket = new Dealer({ linger: 0 });
  socket.connect(QUEUE);
  await socket.send(READY);
  console.log('ready');
  let heardAt = performance.now();
  let beatAt = heardAt + INTERVAL_MS;
  while (performance.now() - heardAt < LIVENESS * INTERVAL_MS) {
    const frames = await receive(socket, beatAt - performance.now());
    if (frames) {
      heardAt = performance.now();
      reconnectMs = 1000;
      // More than one frame is a request: the envelope must go back as it came, and the work of this worker is an echo.
      if (frames.length > 1) await socket.send(frames);
    }
    if (performance.now() < beatAt) continue;
    await socket.send(HEARTBEAT);
    beatAt = performance.now() + INTERVAL_MS;
  }
  console.log(`heartbeat failure, can't reach queue: reconnecting in ${reconnectMs} ms`);
  socket.close();
  await sleep(reconnectMs);
  reconnectMs = Math.min(2 * reconnectMs, RECONNECT_MAX_MS);
}
