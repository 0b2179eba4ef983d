/**
 * A session of kubectl on the real control plane and on the test server, command by command: it must not be able to tell
 * which one it talks to. Then what takes a node, on the control plane: exec, attach, logs, port-forward, cp. Ends with
 * status 1 where anything is not as it should be.
 *
 * Usage: npm run conformance:kubectl -- [--verbose] [--node]
 *
 * `--node` runs only what takes a node.
 */
import { parseArgs } from "node:util";
import { startTestServer } from "@bowline/testing";
import { buildControlPlane } from "./control-plane/build-control-plane.ts";
import { NODE_NAME, startControlPlane } from "./control-plane/start-control-plane.ts";
import { COMMANDS } from "./kubectl/commands.ts";
import { knownKubectlDifference } from "./kubectl/known-differences.ts";
import { checkIsGone, type NodeSession, runNodeSession } from "./kubectl/node-session.ts";
import { type Kubectl, kubectlFor } from "./kubectl/run-kubectl.ts";

const { values } = parseArgs({
  options: { verbose: { type: "boolean", default: false }, node: { type: "boolean", default: false } },
});

const program = await buildControlPlane((line) => console.log(line));
const words: string[] = [];
let isGood = true;
const session = await runSessions();
for (const failure of session.failures) console.log(`failed: ${failure}`);
if (session.pid !== undefined) checkIsGone(session.pid);
words.push(`${session.total - session.failures.length} of ${session.total} on a node`);
if (session.failures.length > 0) isGood = false;
console.log(`kubectl: ${words.join(", ")}`);
process.exitCode = isGood ? 0 : 1;

/** Everything on one control plane, which is gone afterwards. */
async function runSessions(): Promise<NodeSession> {
  await using plane = await startControlPlane({ node: true });
  const ofPlane = { url: plane.server, certificateAuthority: plane.certificateAuthority, token: plane.adminToken };
  await using real = await kubectlFor(program, ofPlane, NODE_NAME);
  if (!values.node) await compareServers(real);
  return await runNodeSession(plane, real);
}

async function compareServers(real: Kubectl): Promise<void> {
  await using server = await startTestServer({
    controllers: { nodes: [NODE_NAME] },
    tokens: { "admin-token": { user: "token-admin", uid: "1", groups: ["system:masters"] } },
  });
  const ofTest = { url: server.url, certificateAuthority: server.certificateAuthority, token: "admin-token" };
  await using test = await kubectlFor(program, ofTest, NODE_NAME);
  let failed = 0;
  let known = 0;
  for (const command of COMMANDS) {
    const [want, got] = await Promise.all([real.run(command), test.run(command)]);
    const comparesOutput = command.compares !== "status";
    const isSame = want.status === got.status && (!comparesOutput || want.output === got.output);
    if (values.verbose) console.log(`$ kubectl ${command.line}\n${got.output}`);
    if (isSame) continue;
    const reason = knownKubectlDifference(command.line);
    if (reason !== undefined) {
      known += 1;
      console.log(`differs as known: kubectl ${command.line}: ${reason}`);
      continue;
    }
    failed += 1;
    console.log(`differs: kubectl ${command.line}`);
    console.log(indent(`real server, exit ${want.status}:`, want.output));
    console.log(indent(`test server, exit ${got.status}:`, got.output));
  }
  words.push(`${COMMANDS.length - failed - known} of ${COMMANDS.length} commands alike`, `${known} differ as known`);
  if (failed > 0) isGood = false;
}

function indent(title: string, text: string): string {
  const lines = text.split("\n");
  const shown = lines.length > 40 ? [...lines.slice(0, 40), `... ${lines.length - 40} more lines`] : lines;
  return `  ${title}\n${shown.map((line) => `    ${line}`).join("\n")}`;
}
