/**
 * A session of kubectl on the real control plane and on the test server, command by command: it must not be able to tell
 * which one it talks to. Ends with status 1 where it can.
 *
 * Usage: node --conditions=bowline-source --import tsx conformance/kubectl.ts [--verbose]
 */
import { parseArgs } from "node:util";
import { startTestServer } from "@bowline/testing";
import { Client } from "bowline";
import { buildControlPlane } from "./control-plane/build-control-plane.ts";
import { startControlPlane } from "./control-plane/start-control-plane.ts";
import { COMMANDS } from "./kubectl/commands.ts";
import { knownKubectlDifference } from "./kubectl/known-differences.ts";
import { kubectlFor } from "./kubectl/run-kubectl.ts";
import { startKubeletStub } from "./nodes/kubelet-stub.ts";

const { values } = parseArgs({ options: { verbose: { type: "boolean", default: false } } });

const program = await buildControlPlane((line) => console.log(line));
await using plane = await startControlPlane();
await using node = await startKubeletStub(
  await Client.connect({ kubeconfig: plane.kubeconfig, fieldManager: "kubelet" }),
);
await using server = await startTestServer({
  controllers: { nodes: [node.nodeName] },
  tokens: { "admin-token": { user: "token-admin", uid: "1", groups: ["system:masters"] } },
});
const { certificateAuthority } = plane;
const ofPlane = { url: plane.server, certificateAuthority, token: plane.adminToken };
const ofTest = { url: server.url, certificateAuthority: server.certificateAuthority, token: "admin-token" };
await using real = await kubectlFor(program, ofPlane, node.nodeName);
await using test = await kubectlFor(program, ofTest, node.nodeName);

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
console.log(
  `kubectl: ${COMMANDS.length - failed - known} of ${COMMANDS.length} commands alike, ${known} differ as known`,
);
if (failed > 0) process.exitCode = 1;

function indent(title: string, text: string): string {
  const lines = text.split("\n");
  const shown = lines.length > 40 ? [...lines.slice(0, 40), `... ${lines.length - 40} more lines`] : lines;
  return `  ${title}\n${shown.map((line) => `    ${line}`).join("\n")}`;
}
