/** A program that opens a session and a forward, closes both, and never its client: it must end by itself. `one-session.ts PORT` */
import { Client, KubeConfig } from "../../index.ts";
import { certificates } from "../../transport/testdata/fixture-server.ts";

const server = `https://127.0.0.1:${process.argv[2]}`;
const kubeconfig = KubeConfig.from({ server, certificateAuthority: certificates.ca.cert });
const client = await Client.connect({ kubeconfig });
const pods = client.resource("v1", "Pod", { namespace: "web" });
{
  await using session = await pods.exec.session("a", ["yes"], { stdin: true });
  await using forward = await pods.portforward("a", { 80: 0 });
  // As text: Deno may print a value in colours.
  console.log(`${typeof forward.localPorts[80]} ${session.stdin.locked}`);
}
console.log(`${(await pods.exec("a", ["true"])).exitCode}`);
