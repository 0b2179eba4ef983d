// One client, one task, several rounds: prints the milliseconds of each, and those of its
// processor time, which says more on a busy machine.
import { readFileSync } from "node:fs";

const [name, task, roundsText, serverFile] = process.argv.slice(2);
const server = JSON.parse(readFileSync(serverFile, "utf8"));
const { connect } = await import(`../clients/${name}.mjs`);
const client = await connect(server);
const CALLS = 1_000;

async function concurrently(width) {
  let left = CALLS;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (left-- > 0) await client.get();
    }),
  );
}

const tasks = {
  list: () => expect(client.list(), server.pods),
  lean: () => expect((client.lean ?? client.list)(), server.pods),
  watch: () => expect(client.watch(server.pods), server.pods),
  leanWatch: () => expect((client.leanWatch ?? client.watch)(server.pods), server.pods),
  sequential: () => concurrently(1),
  concurrent: () => concurrently(16),
};

async function expect(work, count) {
  const got = await work;
  if (got !== count) throw new Error(`${name} ${task}: ${got} instead of ${count}`);
}

async function handshakes() {
  const https = await import("node:https");
  return new Promise((resolve, reject) => {
    https
      .get(`${server.url}/handshakes`, { ca: server.ca, agent: false }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve(Number(text)));
      })
      .on("error", reject);
  });
}

if (task === "handshakes") {
  const before = await handshakes();
  for (let call = 0; call < 100; call += 1) await client.get();
  // The second count is a connection of its own.
  process.stdout.write(JSON.stringify({ handshakes: (await handshakes()) - before - 1 }));
} else {
  const run = tasks[task];
  // A round of small GETs is as short as a hiccup of the machine, and its code is long: more of them, before (for the
  // just-in-time compiler) and after. Not of the peer's: it opens a connection for each, and ports would run out.
  const isShort = (task === "sequential" || task === "concurrent") && name !== "client-node";
  for (let warmUp = isShort ? 30 : 1; warmUp > 0; warmUp -= 1) await run();
  const ms = [];
  const cpuMs = [];
  for (let round = Number(roundsText) * (isShort ? 10 : 1); round > 0; round -= 1) {
    const before = process.cpuUsage();
    const started = performance.now();
    await run();
    ms.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1_000);
  }
  process.stdout.write(JSON.stringify({ ms, cpuMs, rss: process.memoryUsage.rss() }));
}
process.exit();
