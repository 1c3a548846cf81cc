// A Lazy Pirate client: one request at a time; without a reply it throws its socket away and asks again.

import { setTimeout as sleep } from 'node:timers/promises';
import { Request } from 'zeromq';

const QUEUE = process.argv[2] ?? 'tcp://127.0.0.1:5555';
const TIMEOUT_MS = 2500;
const TRIES = 3;
const PAUSE_MS = 1000;

function open() {
  const fresh = new Request({ linger: 0, receiveTimeout: TIMEOUT_MS });
  fresh.connect(QUEUE);
  return fresh;
}

let socket = open();

/** The reply, or undefined after so many tries without one. */
async function ask(question) {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    await socket.send(question);
    const reply = await socket.receive().catch(() => undefined);
    if (reply) return reply.join(' ');
    console.log(`no reply to try ${attempt}`);
    // A REQ socket that waits for a reply can do nothing else, and the reply may never come.
    socket.close();
    socket = open();
  }
  return undefined;
}

for (let n = 1; ; n++) {
  const reply = await ask(`hello ${n}`);
  console.log(reply === undefined ? `gave up hello ${n}` : `answered: ${reply}`);
  await sleep(PAUSE_MS);
}
