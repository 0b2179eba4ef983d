/**
 * Which kubeconfig, context and namespace a command is about: the flags that commands share.
 */
import { KubeConfig, type ResolvedContext } from "bowline";
import { type CredentialOptions, type PluginPolicy, readKubercPolicy } from "bowline/auth";
import { type Host, nodeHost } from "bowline/config";
import { type CommandIo, CommandLineError } from "./command.ts";
import { printable } from "./text-layout.ts";

/** For `parseArgs`. */
export const contextFlags = {
  kubeconfig: { type: "string" },
  context: { type: "string" },
  namespace: { type: "string", short: "n" },
  output: { type: "string", short: "o", default: "text" },
} as const;

/** Their lines of a usage. */
export const contextUsage: string = `  --kubeconfig FILE        this file alone (default: KUBECONFIG, ~/.kube/config, in-cluster)
  --context NAME           default: the current one
  -n, --namespace NAME     default: the context's
  -o, --output text|json   default: text
`;

/** What `parseArgs` makes of {@link contextFlags}. */
export interface ContextFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly output: string;
}

/** A context, where it came from, and how its credentials are to be obtained. */
export interface ChosenContext {
  readonly config: KubeConfig;
  readonly resolved: ResolvedContext;
  /** The user's kuberc counts, as it does for kubectl. */
  readonly credentialOptions: CredentialOptions & { readonly exec: { readonly policy: PluginPolicy } };
  /** How to speak of where the user came from: a file, or the pod. */
  readonly origin: string;
}

/** This machine, with the command's environment. */
export function hostOf(io: CommandIo): Host {
  return { ...nodeHost, env: () => io.env };
}

/** @throws CommandLineError for an output format that there is not. */
export function isJson({ output }: Pick<ContextFlags, "output">): boolean {
  if (output !== "text" && output !== "json") {
    throw new CommandLineError(`--output takes text or json, not ${JSON.stringify(output)}`);
  }
  return output === "json";
}

/** Reads files; runs nothing and sends nothing. @throws ConfigError where there is no such context, or it cannot be used. */
export async function chooseContext(flags: ContextFlags, io: CommandIo): Promise<ChosenContext> {
  const host = hostOf(io);
  const { kubeconfig, context, namespace } = flags;
  if (kubeconfig === "") throw new CommandLineError("--kubeconfig takes the path of a file");
  const onWarning = (message: string): void => io.error(`${message}\n`);
  const config = await KubeConfig.load(kubeconfig, { host, onWarning });
  const resolved = config.resolve({ context, namespace });
  const policy = await readKubercPolicy({ host });
  const onStderr = (chunk: Uint8Array): void => io.error(new TextDecoder().decode(chunk));
  return {
    config,
    resolved,
    credentialOptions: { host, exec: { policy, onStderr } },
    origin: resolved.user.origin ?? (resolved.cluster.name === "in-cluster" ? "the pod's service account" : "no file"),
  };
}

/** A name and the file that it is from. */
export function placed(name: string, file: string | undefined): string {
  return printable(file === undefined ? name : `${name} of ${file}`);
}
