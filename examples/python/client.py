"""A Lazy Pirate client: one request at a time; without a reply it throws its socket away and asks again."""

import sys
import time

import zmq

QUEUE = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5555"
TIMEOUT_MS = 2500
TRIES = 3
PAUSE_S = 1.0

context = zmq.Context()


def connect():
    fresh = context.socket(zmq.REQ)
    fresh.linger = 0
    fresh.connect(QUEUE)
    return fresh


socket = connect()


def ask(question):
    """The reply, or None after so many tries without one."""
    global socket
    for attempt in range(1, TRIES + 1):
        socket.send_string(question)
        if socket.poll(TIMEOUT_MS):
            return socket.recv_string()
        print(f"no reply to try {attempt}", flush=True)
        # A REQ socket that waits for a reply can do nothing else, and the reply may never come.
        socket.close()
        socket = connect()
    return None


n = 0
while True:
    n += 1
    reply = ask(f"hello {n}")
    print(f"gave up hello {n}" if reply is None else f"answered: {reply}", flush=True)
    time.sleep(PAUSE_S)
