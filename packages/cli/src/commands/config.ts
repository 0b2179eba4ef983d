/**
 * `bowline config`: the contexts of a kubeconfig, shown and changed. Each entry is changed in the file that it came from.
 */
import { parseArgs } from "node:util";
import { ConfigError, type ConfigProblem, editKubeconfig, KubeConfig, type KubeconfigEditor } from "bowline/config";
import { type ContextFlags, contextFlags, hostOf, isJson } from "../chosen-context.ts";
import { type Command, type CommandIo, CommandLineError } from "../command.ts";
import { formatFields, formatTable, printable, styleOf } from "../text-layout.ts";

const USAGE = `usage: bowline config [ACTION] [OPTIONS]

Shows and changes the contexts of the kubeconfig. Comments, order and unknown fields of the files stay.

  contexts                 list the contexts (the default)
  current                  print the name of the current context
  use CONTEXT              make it the current one
  namespace [NAMESPACE]    set the namespace of the context; without NAMESPACE print it
  rename CONTEXT NAME      rename a context
  delete CONTEXT           delete a context; its cluster and user stay
  delete-cluster NAME      delete a cluster
  delete-user NAME         delete a user
  check                    list everything that is wrong in any entry; the exit code is 1 where something is

  --kubeconfig FILE        this file alone (default: KUBECONFIG, ~/.kube/config)
  --context NAME           of \`namespace\`: another context than the current one
  -o, --output text|json   of \`contexts\` and \`check\`; default: text
`;

interface Action {
  /** How many names it takes: least and most. */
  readonly names: readonly [least: number, most: number];
  run(names: readonly string[], flags: ContextFlags, io: CommandIo): Promise<number>;
}

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["contexts", { names: [0, 0], run: (_, flags, io) => showContexts(flags, io) }],
  ["current", { names: [0, 0], run: (_, flags, io) => showCurrent(flags, io) }],
  ["check", { names: [0, 0], run: (_, flags, io) => check(flags, io) }],
  ["namespace", { names: [0, 1], run: ([namespace], flags, io) => chooseNamespace(namespace, flags, io) }],
  [
    "use",
    change(
      1,
      (editor, [name = ""]) => editor.setCurrentContext(name),
      ([name]) => `the current context is ${name}`,
    ),
  ],
  [
    "rename",
    change(
      2,
      (editor, [from = "", to = ""]) => editor.renameContext(from, to),
      ([from, to]) => `${from} is now ${to}`,
    ),
  ],
  [
    "delete",
    change(
      1,
      (editor, [name = ""]) => editor.deleteContext(name),
      ([name]) => `deleted the context ${name}`,
    ),
  ],
  [
    "delete-cluster",
    change(
      1,
      (editor, [name = ""]) => editor.deleteCluster(name),
      ([name]) => `deleted the cluster ${name}`,
    ),
  ],
  [
    "delete-user",
    change(
      1,
      (editor, [name = ""]) => editor.deleteUser(name),
      ([name]) => `deleted the user ${name}`,
    ),
  ],
]);

export const config: Command = {
  name: "config",
  summary: "show and change the contexts of a kubeconfig",
  usage: USAGE,
  run: async (args, io) => {
    const { kubeconfig, context, output } = contextFlags;
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { kubeconfig, context, output },
      allowPositionals: true,
    });
    const [name = "contexts", ...names] = positionals;
    const action = actions.get(name);
    if (action === undefined) throw new CommandLineError(`there is no action ${JSON.stringify(name)}`);
    const [least, most] = action.names;
    if (names.length < least || names.length > most) {
      const wanted = least === most ? String(most) : `${least} to ${most}`;
      throw new CommandLineError(`${name} takes ${wanted} names, not ${names.length}`);
    }
    if (names.includes("")) throw new CommandLineError(`${name} takes a name, and not an empty one`);
    return action.run(names, values, io);
  },
};

function load({ kubeconfig }: ContextFlags, io: CommandIo): Promise<KubeConfig> {
  return KubeConfig.load(kubeconfig, { host: hostOf(io), onWarning: (message) => io.error(`${message}\n`) });
}

async function edit(flags: ContextFlags, io: CommandIo, act: (editor: KubeconfigEditor) => void): Promise<void> {
  await editKubeconfig(act, { path: flags.kubeconfig, host: hostOf(io) });
}

/** An action that changes the files, and a word for people on what it did. */
function change(
  count: number,
  act: (editor: KubeconfigEditor, names: readonly string[]) => void,
  done: (names: readonly string[]) => string,
): Action {
  return {
    names: [count, count],
    run: async (names, flags, io) => {
      await edit(flags, io, (editor) => act(editor, names));
      io.error(`${done(names.map((name) => JSON.stringify(name)))}\n`);
      return 0;
    },
  };
}

async function showContexts(flags: ContextFlags, io: CommandIo): Promise<number> {
  const asJson = isJson(flags);
  const config = await load(flags, io);
  const { currentContext, contexts, files } = config;
  if (asJson) {
    io.out(`${JSON.stringify({ currentContext, contexts, files }, undefined, 2)}\n`);
    return 0;
  }
  if (contexts.length === 0) {
    io.error(`there are no contexts in ${files.join(", ")}\n`);
    return 0;
  }
  const servers = new Map(config.clusters.map(({ name, server }) => [name, server]));
  const style = styleOf(io.hasColour);
  const rows = contexts.map(({ name, cluster, user, namespace }) => [
    name === currentContext ? "*" : "",
    ...[name, cluster, servers.get(cluster) ?? "", user, namespace ?? ""].map(printable),
  ]);
  io.out(formatTable(["", "CONTEXT", "CLUSTER", "SERVER", "USER", "NAMESPACE"], rows, style));
  return 0;
}

async function showCurrent(flags: ContextFlags, io: CommandIo): Promise<number> {
  const { currentContext, files } = await load(flags, io);
  if (currentContext === undefined) {
    io.error(`no current context in ${files.join(", ")}; \`bowline config use CONTEXT\` sets one\n`);
    return 1;
  }
  io.out(`${printable(currentContext)}\n`);
  return 0;
}

async function chooseNamespace(namespace: string | undefined, flags: ContextFlags, io: CommandIo): Promise<number> {
  if (namespace !== undefined) {
    await edit(flags, io, (editor) => editor.setNamespace(namespace, flags.context));
    io.error(`the namespace is ${JSON.stringify(namespace)}\n`);
    return 0;
  }
  const config = await load(flags, io);
  io.out(`${printable(config.resolve({ context: flags.context }).namespace)}\n`);
  return 0;
}

/** What is wrong by itself, and what would be found when a context is used. */
function allProblems(config: KubeConfig): readonly ConfigProblem[] {
  const byItself = config.problems();
  const problems = new Map(byItself.map((problem) => [problem.message, problem]));
  for (const { name } of config.contexts) {
    // Its use would say the same in other words.
    if (byItself.some(({ message }) => message.startsWith(`context ${JSON.stringify(name)} `))) continue;
    try {
      config.resolve({ context: name });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) problems.set(problem.message, problem);
    }
  }
  return [...problems.values()];
}

async function check(flags: ContextFlags, io: CommandIo): Promise<number> {
  const asJson = isJson(flags);
  const config = await load(flags, io);
  const problems = allProblems(config);
  const style = styleOf(io.hasColour);
  if (asJson) io.out(`${JSON.stringify({ files: config.files, problems }, undefined, 2)}\n`);
  else if (problems.length === 0) io.error(`nothing is wrong in ${config.files.join(", ")}\n`);
  else
    io.out(
      formatFields(
        problems.map(({ code, message }) => [code, printable(message)] as const),
        style,
      ),
    );
  return problems.length > 0 ? 1 : 0;
}
