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
  // For the just-in-time compiler; more often where one round is short.
  for (let warmUp = task === "sequential" || task === "concurrent" ? 10 : 1; warmUp > 0; warmUp -= 1) await run();
  const ms = [];
  const cpuMs = [];
  for (let round = 0; round < Number(roundsText); round += 1) {
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
