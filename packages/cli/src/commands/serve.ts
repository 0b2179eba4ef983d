/**
 * `bowline serve`: an API server in memory for as long as the command runs.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startTestServer, type TestUser } from "@bowline/testing";
import { type Command, type CommandIo, CommandLineError } from "../command.ts";

const USAGE = `usage: bowline serve [OPTIONS]

Runs a Kubernetes API server in memory, over HTTPS, until Ctrl-C.

  --kubeconfig FILE        write a kubeconfig with an administrator's credentials here (mode 0600; removed at the end)
  --port N                 listen on this port of 127.0.0.1 (default: any free one)
  --controllers MODE       all: Deployments get Pods, and Pods become ready (default)
                           manager: what kube-controller-manager does, without nodes
                           none: nothing happens by itself
  --token-auth-file FILE   further users, as kube-apiserver reads them: token,user,uid,"group1,group2"
  --ca-file FILE           write the certificate of the server's CA here
`;

export const serve: Command = {
  name: "serve",
  summary: "run a Kubernetes API server in memory and write a kubeconfig for it",
  usage: USAGE,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kubeconfig: { type: "string" },
        port: { type: "string", default: "0" },
        controllers: { type: "string", default: "all" },
        "token-auth-file": { type: "string" },
        "ca-file": { type: "string" },
      },
    });
    const begin = performance.now();
    const tokenFile = values["token-auth-file"];
    const server = await startTestServer({
      port: parsePort(values.port),
      controllers: parseControllers(values.controllers),
      tokens: tokenFile === undefined ? {} : parseTokens(await readFile(tokenFile, "utf8"), tokenFile),
    });
    try {
      io.error(`serving at ${server.url}, up in ${Math.round(performance.now() - begin)} ms\n`);
      if (values["ca-file"] !== undefined) await writeFile(values["ca-file"], server.certificateAuthority);
      if (values.kubeconfig !== undefined) {
        await writeFile(values.kubeconfig, server.kubeconfig, { mode: 0o600 });
        io.error(`try: kubectl --kubeconfig ${values.kubeconfig} get namespaces\n`);
      } else {
        io.out(server.kubeconfig.endsWith("\n") ? server.kubeconfig : `${server.kubeconfig}\n`);
      }
      await untilAborted(io);
    } finally {
      await server.close();
      if (values.kubeconfig !== undefined) await rm(values.kubeconfig, { force: true });
    }
    return 0;
  },
};

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new CommandLineError(`--port takes a number up to 65535, not "${text}"`);
  return Number(text);
}

function parseControllers(text: string): boolean | { readonly kubelet: false } {
  if (text === "all") return true;
  if (text === "none") return false;
  if (text === "manager") return { kubelet: false };
  throw new CommandLineError(`--controllers takes all, manager or none, not "${text}"`);
}

/** Lines of `token,user,uid[,"group1,group2"]`. The token is never part of a message. */
function parseTokens(text: string, file: string): Record<string, TestUser> {
  const users: Record<string, TestUser> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [token, username, uid, groups] = splitCsv(line);
    if (!token || !username || uid === undefined) {
      throw new CommandLineError(`line ${index + 1} of ${file} is not token,user,uid[,groups]`);
    }
    users[token] = { user: username, uid, groups: (groups ?? "").split(",").filter((group) => group !== "") };
  }
  return users;
}

function splitCsv(line: string): string[] {
  const fields = line.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g);
  return [...fields]
    .filter(({ 0: whole, index }) => whole !== "" || index < line.length)
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? (plain ?? "").trim());
}

async function untilAborted(io: CommandIo): Promise<void> {
  if (io.signal.aborted) return;
  await new Promise<void>((resolve) => io.signal.addEventListener("abort", () => resolve(), { once: true }));
}
