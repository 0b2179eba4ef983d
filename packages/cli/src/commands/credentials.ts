/**
 * `bowline credentials`: what a client would do to authenticate, step by step, and what comes of it.
 */
import { parseArgs } from "node:util";
import { KubeError } from "bowline";
import {
  type CommandFailure,
  type CredentialExplanation,
  createCredentialSource,
  explainCredentials,
  type PluginExplanation,
} from "bowline/auth";
import { describeMethod } from "../authentication.ts";
import { type ChosenContext, chooseContext, contextFlags, contextUsage, isJson, placed } from "../chosen-context.ts";
import type { Command, CommandIo } from "../command.ts";
import { credentialFields, describeCredential, type ObtainedCredential } from "../obtained-credential.ts";
import { type Field, formatFields, printable, type Style, styleOf } from "../text-layout.ts";

const USAGE = `usage: bowline credentials [OPTIONS]

Explains how requests of a context would be authenticated: which method wins, which program a credential plugin is and
where it was found, what the policy in ~/.kube/kuberc says of it, which variables it gets. Without --run nothing is run
and nothing is sent. Arguments, the values of variables, tokens and keys are never shown. The exit code is 1 where a
request would fail.

  --run                    obtain the credential, and show when it ends and whose certificate it is
${contextUsage}`;

export const credentials: Command = {
  name: "credentials",
  summary: "explain how a kubeconfig would authenticate, and try it with --run",
  usage: USAGE,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...contextFlags, run: { type: "boolean", default: false } },
    });
    const asJson = isJson(values);
    const chosen = await chooseContext(values, io);
    const explanation = explainCredentials(chosen.resolved, chosen.credentialOptions);
    const outcome = values.run && explanation.problems.length === 0 ? await obtain(chosen, io) : undefined;
    if (asJson) io.out(`${JSON.stringify(inJson(chosen, explanation, outcome), undefined, 2)}\n`);
    else io.out(inWords(chosen, explanation, outcome, styleOf(io.hasColour)));
    return explanation.problems.length > 0 || outcome?.error !== undefined ? 1 : 0;
  },
};

interface Outcome {
  readonly tookMs: number;
  readonly credential?: ObtainedCredential;
  readonly error?: { readonly code: string; readonly message: string };
}

async function obtain({ resolved, credentialOptions }: ChosenContext, io: CommandIo): Promise<Outcome> {
  const begin = performance.now();
  const tookMs = (): number => Math.round(performance.now() - begin);
  const source = createCredentialSource(resolved, credentialOptions);
  try {
    const credential = await source.credential({ signal: io.signal });
    return { tookMs: tookMs(), credential: describeCredential(credential) };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return { tookMs: tookMs(), error: { code: error.code, message: error.message } };
  } finally {
    source.close();
  }
}

function inJson({ config, origin }: ChosenContext, explanation: CredentialExplanation, outcome: Outcome | undefined) {
  return { files: config.files, ...explanation, origin, run: outcome };
}

function inWords(
  { config, origin, resolved }: ChosenContext,
  explanation: CredentialExplanation,
  outcome: Outcome | undefined,
  style: Style,
): string {
  const { methods, overshadowed, plugin, impersonates, problems } = explanation;
  const contextFile = config.contexts.find(({ name }) => name === explanation.context)?.origin;
  const steps: (readonly [title: string, fields: readonly Field[]])[] = [
    [
      "The kubeconfig",
      [
        ["files", config.files.length === 0 ? undefined : printable(config.files.join(", "))],
        ["context", explanation.context && placed(explanation.context, contextFile)],
        ["namespace", printable(explanation.namespace)],
      ],
    ],
    ["The cluster", clusterFields(explanation, resolved.cluster)],
    [
      "The user",
      [
        ["name", explanation.user === "" ? undefined : printable(explanation.user)],
        ["from", printable(origin)],
        [
          "sends",
          methods.length === 0
            ? style.yellow("nothing: requests are anonymous")
            : methods.map((method) => describeMethod(method, explanation)).join(", and "),
        ],
        [
          "not used",
          overshadowed.length === 0
            ? undefined
            : overshadowed.map((method) => describeMethod(method, explanation)).join(", "),
        ],
        ["acting as", impersonates && printable(impersonates)],
      ],
    ],
  ];
  if (plugin !== undefined) steps.push(["The plugin", pluginFields(plugin, methods.includes("exec"), style)]);
  const text = steps.map(
    ([title, fields], index) => `${style.bold(`${index + 1}. ${title}`)}\n${formatFields(fields, style)}`,
  );
  const last = style.bold(`${steps.length + 1}. The credential`);
  return [...text, `${last}\n${outcomeText(outcome, problems, methods.includes("exec"), style)}`].join("\n");
}

function clusterFields(explanation: CredentialExplanation, cluster: ChosenContext["resolved"]["cluster"]): Field[] {
  const { certificateAuthority, insecureSkipTlsVerify, tlsServerName, proxyUrl, server } = cluster;
  const authority =
    certificateAuthority === undefined
      ? "the runtime's own"
      : "file" in certificateAuthority
        ? certificateAuthority.file
        : "of the kubeconfig";
  const isSecure = server.protocol === "https:";
  return [
    ["name", printable(explanation.cluster)],
    ["server", printable(explanation.server)],
    [
      "authority",
      isSecure ? (insecureSkipTlsVerify ? "none: any certificate is accepted" : printable(authority)) : undefined,
    ],
    ["tls-server-name", tlsServerName && printable(tlsServerName)],
    ["proxy", proxyUrl && printable(withoutUserinfo(proxyUrl))],
    ["note", isSecure ? undefined : "over plain http no credential is sent"],
  ];
}

function pluginFields(plugin: PluginExplanation, isUsed: boolean, style: Style): Field[] {
  const { path, failure, policy, interactive, installHint } = plugin;
  const verdict = policy.allowed
    ? style.green("allowed")
    : `${style.red("refused")}: ${printable(policy.reason ?? "")}`;
  return [
    ["would run", isUsed ? undefined : "no, another method wins"],
    ["command", printable(plugin.command)],
    [
      "path",
      path === undefined
        ? style.red(`none: ${failure === undefined ? "not found" : failuresInWords[failure]}`)
        : printable(path),
    ],
    ["install hint", path === undefined && installHint ? printable(installHint) : undefined],
    ["policy", `${policy.type}: ${verdict}`],
    ["version", printable(plugin.apiVersion)],
    ["arguments", `${plugin.argumentCount}, not shown`],
    ["variables", `${printable(plugin.variables.join(", "))}; values not shown`],
    ["cluster info", plugin.providesClusterInfo ? "given" : "not given"],
    ["standard input", interactive === true ? "this terminal" : "empty"],
    ["interactive mode", printable(plugin.interactiveMode) || "not set"],
  ];
}

const failuresInWords: Readonly<Record<CommandFailure, string>> = {
  notInPath: "it is in no folder of PATH",
  inWorkingFolder: "PATH finds it in the working folder, which is not trusted",
  noSuchFile: "there is no such file",
  notExecutable: "this user may not run it",
  relativePath: "a relative path of a kubeconfig that came from no file",
};

function outcomeText(
  outcome: Outcome | undefined,
  problems: CredentialExplanation["problems"],
  runsPlugin: boolean,
  style: Style,
): string {
  if (problems.length > 0) {
    return problems.map(({ code, message }) => `  ${style.red(code)}  ${visibleLines(message)}\n`).join("");
  }
  if (outcome === undefined) {
    return `  ${style.dim(runsPlugin ? "nothing was run; --run runs the plugin" : "not obtained; --run obtains it")}\n`;
  }
  if (outcome.error !== undefined) {
    return `  ${style.red(outcome.error.code)}  ${visibleLines(outcome.error.message)}\n`;
  }
  const fields = outcome.credential === undefined ? [] : credentialFields(outcome.credential, Date.now(), style);
  return formatFields([...fields, ["took", `${outcome.tookMs} ms`]], style);
}

/** A message of several lines stays one, indented. */
function visibleLines(text: string): string {
  return text.split("\n").map(printable).join("\n    ");
}

function withoutUserinfo(url: URL): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown.href;
}
