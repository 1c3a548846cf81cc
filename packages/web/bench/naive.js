// The page as one would write it first: one packet a fact, and a circle joined to each message under way, moved in every frame.

import { select } from 'd3-selection';
import { io } from 'socket.io-client';

const WIDTH_PX = 1280;
const ROW_PX = 22;
const received = { facts: 0, lastSeq: -1 };
Object.assign(window, { received });

const svg = select('svg');
const messages = new Map();
const rows = new Map();
let ahead = 0;

const rowOf = (link) => {
  if (!rows.has(link)) rows.set(link, rows.size);
  return rows.get(link);
};

io({ transports: ['websocket'] }).on('fact', (fact) => {
  received.facts++;
  received.lastSeq = fact.seq;
  ahead = fact.t - performance.now() * 1000;
  if (fact.type === 'message.entered') messages.set(fact.msg, fact);
  else if (['message.left', 'message.dropped', 'message.lost'].includes(fact.type)) messages.delete(fact.msg);
});

function share(message, now) {
  const gone = Math.min(1, Math.max(0, (now - message.t) / Math.max(1, message.dueAt - message.t)));
  return message.direction === 'toQueue' ? gone : 1 - gone;
}

requestAnimationFrame(function draw() {
  requestAnimationFrame(draw);
  const now = ahead + performance.now() * 1000;
  svg
    .selectAll('circle')
    .data([...messages.values()], (message) => message.msg)
    .join('circle')
    .attr('r', 6)
    .attr('fill', (message) => (message.kind === 'HEARTBEAT' ? '#888' : '#56b4e9'))
    .attr('cx', (message) => share(message, now) * WIDTH_PX)
    .attr('cy', (message) => (rowOf(message.link) + 1) * ROW_PX);
});
