/**
 * `bowline generate`: types of the kinds that a cluster has and the library has not.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { builtInApiVersions } from "bowline/kinds/table";
import { hostOf } from "../chosen-context.ts";
import type { Command, CommandIo } from "../command.ts";
import { generateCustomKinds } from "../generate/custom-kinds.ts";
import { compareFiles, writeFiles } from "../generate/generated-files.ts";
import type { OpenApiDocument } from "../generate/openapi-document.ts";
import { readFolder, readServer } from "../generate/read-documents.ts";

const DEFAULT_OUTPUT = "src/kinds";

const USAGE = `usage: bowline generate [OPTIONS]

Writes TypeScript types of the custom resources, and of other APIs that are not built in, of a cluster: one file a group
and version. client.resource("example.com/v1", "Widget") knows them as soon as the files are part of the program.

  --output FOLDER          write here (default: ${DEFAULT_OUTPUT}); files that are generated no longer are removed
  --docs                   write the cluster's descriptions as doc comments
  --group GROUP            this API group only; may be given more than once
  --check                  write nothing; exit with 1 where a file would change
  --kubeconfig FILE        the cluster (default: KUBECONFIG, ~/.kube/config, in-cluster)
  --context NAME           the context (default: the current one)
  --from FOLDER            no cluster: read the documents of /openapi/v3 from *.json and *.json.gz files
`;

export const generate: Command = {
  name: "generate",
  summary: "write TypeScript types of a cluster's custom resources",
  usage: USAGE,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        check: { type: "boolean", default: false },
        context: { type: "string" },
        docs: { type: "boolean", default: false },
        from: { type: "string" },
        group: { type: "string", multiple: true },
        kubeconfig: { type: "string" },
        output: { type: "string", short: "o", default: DEFAULT_OUTPUT },
      },
    });
    const documents = values.from === undefined ? await readCluster(values, io) : await readFolder(values.from);
    const files = generateCustomKinds(documents, { hasDocs: values.docs, groups: values.group });
    if (values.check) {
      const { changed, stale } = await compareFiles(values.output, files);
      for (const path of [...changed, ...stale]) io.error(`out of date: ${join(values.output, path)}\n`);
      return changed.length + stale.length > 0 ? 1 : 0;
    }
    const { changed, stale } = await writeFiles(values.output, files);
    for (const path of changed) io.out(`${join(values.output, path)}\n`);
    const counts = `${files.size} files, ${changed.length} written, ${stale.length} removed`;
    io.error(files.size === 0 ? "no kinds beyond the built-in ones\n" : `${counts}\n`);
    return 0;
  },
};

async function readCluster(
  options: { readonly kubeconfig?: string | undefined; readonly context?: string | undefined },
  io: CommandIo,
): Promise<OpenApiDocument[]> {
  const { Client, KubeConfig } = await import("bowline");
  const kubeconfig = await KubeConfig.load(options.kubeconfig, { host: hostOf(io) });
  await using client = await Client.connect({ kubeconfig, context: options.context });
  const builtIn = new Set(builtInApiVersions());
  const get = async (path: string): Promise<unknown> => (await client.raw(path, { signal: io.signal })).json();
  return await readServer(get, (apiVersion) => !builtIn.has(apiVersion));
}
