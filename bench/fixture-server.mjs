// The server that everything is measured against, in a process of its own: plain node:https that sends prepared bytes, and
// counts TLS handshakes. Prints its port; ends with its standard input.
import { readFileSync } from "node:fs";
import https from "node:https";
import { makeFixtures, PODS } from "./fixture-data.mjs";

const [certificates] = process.argv.slice(2);
const { server: pair } = JSON.parse(readFileSync(certificates, "utf8"));
const { whole, chunks, small, events, configMap } = makeFixtures();
let handshakes = 0;

const server = https.createServer({ cert: pair.cert, key: pair.key }, (request, response) => {
  const url = new URL(request.url, "https://fixture");
  const json = (body) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  };
  request.resume();
  if (url.pathname === "/handshakes") return json(Buffer.from(String(handshakes)));
  if (url.pathname === "/api/v1/namespaces/default/configmaps/small") return json(configMap);
  if (url.pathname === "/api/v1/namespaces/small/pods") return json(small);
  if (url.pathname !== "/api/v1/pods") return response.writeHead(404).end();
  const watch = url.searchParams.get("watch");
  if (watch === "true" || watch === "1") return sendEvents(response);
  const from = url.searchParams.get("continue");
  const limit = url.searchParams.get("limit");
  if (limit === null) return json(whole);
  if (limit !== "500") return response.writeHead(400).end();
  json(chunks.get(Number(from ?? 0)));
});

function sendEvents(response) {
  response.writeHead(200, { "content-type": "application/json" });
  let next = 0;
  const send = () => {
    while (next < events.length && !response.destroyed) if (!response.write(events[next++])) return;
  };
  response.on("drain", send);
  send();
}

server.on("secureConnection", () => {
  handshakes += 1;
});
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => {
  const bytes = events.reduce((sum, { length }) => sum + length, 0);
  process.stdout.write(
    `${JSON.stringify({ port: server.address().port, pods: PODS, listBytes: whole.length, watchBytes: bytes })}\n`,
  );
});
process.stdin.on("end", () => process.exit()).resume();
