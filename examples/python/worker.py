"""A Paranoid Pirate worker: says READY, answers requests, beats, and comes back when it has lost its queue."""

import sys
import time

import zmq

QUEUE = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5556"
READY = b"\x01"
HEARTBEAT = b"\x02"
INTERVAL_S = 1.0
LIVENESS = 3  # intervals of silence after which the queue is given up
RECONNECT_MAX_S = 32.0

context = zmq.Context()
reconnect_s = 1.0

while True:
    # A new socket begins a new conversation, and READY is its first word.
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.connect(QUEUE)
    socket.send(READY)
    print("ready", flush=True)
    heard_at = time.monotonic()
    beat_at = heard_at + INTERVAL_S
    while time.monotonic() - heard_at < LIVENESS * INTERVAL_S:
        if socket.poll(max(0, int(1000 * (beat_at - time.monotonic())) + 1)):
            frames = socket.recv_multipart()
            heard_at = time.monotonic()
            reconnect_s = 1.0
            # More than one frame is a request: the envelope must go back as it came, and the work of this worker is an echo.
            if len(frames) > 1:
                socket.send_multipart(frames)
        if time.monotonic() >= beat_at:
            socket.send(HEARTBEAT)
            beat_at = time.monotonic() + INTERVAL_S
    print(f"heartbeat failure, can't reach queue: reconnecting in {reconnect_s:.0f} s", flush=True)
    socket.close()
    time.sleep(reconnect_s)
    reconnect_s = min(2 * reconnect_s, RECONNECT_MAX_S)
