/**
 * The tour: the library at work on a real API server, in memory by default, or on a cluster of yours with
 * `--kubeconfig FILE --context NAME`, in a namespace of its own that is removed afterwards, also on Ctrl-C.
 */
import { parseArgs } from "node:util";
import { Client, KubeError } from "bowline";
import { startEmbeddedCluster } from "./embedded-cluster.ts";
import { Terminal } from "./terminal.ts";
import { runTour } from "./tour.ts";

const USAGE = `usage: npm start [-- --kubeconfig FILE] [--context NAME]

Without arguments: on an API server in memory. With them: on a cluster of yours, in a namespace of its own.
`;

async function main(): Promise<number> {
  const terminal = new Terminal();
  let options: { kubeconfig?: string | undefined; context?: string | undefined; help?: boolean | undefined };
  try {
    ({ values: options } = parseArgs({
      options: { kubeconfig: { type: "string" }, context: { type: "string" }, help: { type: "boolean", short: "h" } },
    }));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }

  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort(new Error("interrupted"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onInterrupt);

  const isOwnCluster = options.kubeconfig !== undefined || options.context !== undefined;
  const embedded = isOwnCluster ? undefined : await startEmbeddedCluster();
  try {
    const client = await Client.connect({
      kubeconfig: embedded?.kubeconfigFile ?? options.kubeconfig,
      context: options.context,
      fieldManager: "bowline-tour",
    });
    terminal.line(`${terminal.bold("Bowline")}: a tour on ${embedded?.about ?? "your cluster"}`);
    await runTour({ client, terminal, embedded, signal: interrupted.signal });
    await client.close();
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) {
      terminal.line("\nInterrupted; what the tour made is removed.");
      return 130;
    }
    terminal.line(
      `\n${terminal.red("The tour failed")}: ${error instanceof KubeError ? `${error.message} [${error.code}]` : ((error as Error).stack ?? error)}`,
    );
    return 1;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onInterrupt);
    await embedded?.close();
  }
}

process.exitCode = await main();
