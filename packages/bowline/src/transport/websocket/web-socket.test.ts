import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { WebSocket } from "ws";
import { nodeHttps } from "../node-https/connector.ts";
import { testWebSockets } from "../testdata/web-socket-suite.ts";
import { OpenWebSocket } from "./open-web-socket.ts";

testWebSockets(nodeHttps);

interface Fake {
  readonly socket: OpenWebSocket;
  readonly events: string[];
  readonly emit: (event: "message" | "pong", data?: Buffer) => void;
  /** Resolves after so many more pings. */
  readonly pings: (count: number) => Promise<void>;
}

/** An open WebSocket whose other end is the test, with a hasty heartbeat. */
function fakeSocket(): Fake {
  const events: string[] = [];
  const emitter = new EventEmitter();
  const fake = Object.assign(emitter, {
    readyState: 1,
    OPEN: 1,
    ping() {
      events.push("ping");
      emitter.emit("pinged");
    },
    pause: () => undefined,
    resume: () => undefined,
    send: (_: unknown, __: unknown, sent: () => void) => sent(),
    terminate() {
      events.push("terminate");
      emitter.emit("close", 1006, Buffer.alloc(0));
    },
  });
  const socket = new OpenWebSocket(fake as unknown as WebSocket, "", {
    label: "https://s",
    socket: new PassThrough(),
    signal: undefined,
    isTransportClosed: () => false,
    onClosed: () => events.push("closed"),
    pingIntervalMs: 1,
  });
  const pings = async (count: number): Promise<void> => {
    // The heartbeat holds no process: something has to.
    const hold = setTimeout(() => undefined, 10_000);
    for (let left = count; left > 0; left -= 1) await new Promise((resolve) => emitter.once("pinged", resolve));
    clearTimeout(hold);
  };
  return { socket, events, pings, emit: (event, data) => void emitter.emit(event, data) };
}

test("a server that answers no ping any more is taken for gone", async () => {
  const { socket, events, pings } = fakeSocket();
  const ended = assert.rejects(socket.messages.next(), { code: "BodyCut", message: /does not answer any more/ });
  const hold = setTimeout(() => undefined, 10_000);
  await Promise.all([ended, pings(3)]);
  clearTimeout(hold);
  assert.deepEqual(events, ["ping", "ping", "ping", "terminate", "closed"]);
});

test("a server is not taken for gone while it answers, while we do not read, or before it has read what was sent", async () => {
  const answering = fakeSocket();
  for (let round = 0; round < 4; round += 1) {
    await answering.pings(2);
    answering.emit(round % 2 === 0 ? "pong" : "message", Buffer.from("x"));
  }
  assert.ok(!answering.events.includes("terminate"));
  const unread = fakeSocket();
  unread.emit("message", Buffer.alloc(1_000_000));
  await unread.pings(8);
  assert.ok(!unread.events.includes("terminate"));
  const waiting = fakeSocket();
  await waiting.socket.send(Buffer.from("stdin"));
  await waiting.pings(8);
  assert.ok(!waiting.events.includes("terminate"));
});
