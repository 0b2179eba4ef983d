/** Exec, whole and interactive; attach; ports; files. */
import { Client, isNotFound, type PortForward, type Session, StreamError } from "bowline";
import { copyFrom, copyTo } from "bowline/ops";

await using client = await Client.connect();
const pods = client.resource("v1", "Pod", { namespace: "web" });
try {
  const { stdout, exitCode } = await pods.exec("shop-0", ["cat", "/etc/hostname"], {
    container: "app",
    timeoutMs: 5_000,
  });
  console.log(stdout, exitCode);
} catch (error) {
  if (error instanceof StreamError && error.code === "CommandNotRun") console.error(error.message);
  else if (!isNotFound(error)) throw error;
  else console.error(error.target.name, error.status.message);
}
await using shell = await pods.exec.session("shop-0", ["sh"], { tty: true, stdin: true });
shell.resize({ columns: 80, rows: 24 });
const writer = shell.stdin.getWriter();
await writer.write(new TextEncoder().encode("date\nexit\n"));
for await (const chunk of shell.stdout) process.stdout.write(chunk);
process.exitCode = (await shell.exited).exitCode;

const attached: Session = await pods.attach("shop-0", { container: "app", signal: AbortSignal.timeout(5_000) });
for await (const chunk of attached.stdout) process.stdout.write(chunk);
await attached.close();

await using forward: PortForward = await pods.portforward(
  "shop-0",
  { 80: 8080, 5432: 0 },
  {
    onError: (error) => console.error(error),
  },
);
const page = await fetch(`http://127.0.0.1:${forward.localPorts[80]}/`);
console.log(page.status, forward.localPorts[5432]);

await copyTo(pods, "shop-0", "./site", "/usr/share/nginx/html");
await copyFrom(pods, "shop-0", "/var/log/shop", "./logs", { container: "app" });
