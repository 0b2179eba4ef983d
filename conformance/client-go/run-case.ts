/**
 * Runs a case with one of the two clients and puts together what client, server, proxies and plugins can tell.
 */
import type { CaseAnswer, ClientOutcome, CredentialCase } from "./case.ts";
import { CaseFolder } from "./case-folder.ts";
import type { Recording, RecordingServers } from "./recording-servers.ts";

/** Does the client's part of a case. */
export type RunClient = (folder: CaseFolder) => Promise<ClientOutcome>;

/** The answer, and the errors for people to read. */
export async function runCase(
  given: CredentialCase,
  servers: RecordingServers,
  runClient: RunClient,
): Promise<{ readonly answer: CaseAnswer; readonly errors: readonly string[] }> {
  const { recording, ports } = await servers.begin(given.server);
  using folder = new CaseFolder(given, ports);
  // Addresses in them hold ports, which are known only now.
  recording.rules = folder.filled.server ?? {};
  const { errors, ...outcome } = await runClient(folder);
  return {
    answer: {
      ...outcome,
      ...seenOf(recording, folder, given),
      runs: folder.runs(),
      ...(given.server?.tokens && { tokenRequests: recording.tokenRequests, kept: folder.authProviderSettings() }),
    },
    errors: errors.map((error) => folder.restore(error)),
  };
}

function seenOf(
  recording: Recording,
  folder: CaseFolder,
  { steps = [], clients = [] }: CredentialCase,
): Pick<CaseAnswer, "seen" | "tunnels"> {
  const isParallel = steps.some(({ parallel }) => parallel === true);
  const isLong = steps.some(({ waitMs = 0 }) => waitMs > 60_000);
  const seen = recording.seen.map((each) => ({
    ...each,
    // A timeout is also told to the server by client-go's REST client, which is not a matter of credentials.
    path: each.path.replace(/[?&]timeout=[^&]*/, ""),
    host: folder.restore(each.host),
    // Clients of this library have their own connections each; and a clock that is moved makes no connection idle.
    connection: isParallel || clients.length > 1 || isLong ? 0 : each.connection,
  }));
  const tunnels = recording.tunnels.map((each) => ({ ...each, target: folder.restore(each.target) }));
  return isParallel ? { seen: sorted(seen), tunnels: sorted(tunnels) } : { seen, tunnels };
}

function sorted<T>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
