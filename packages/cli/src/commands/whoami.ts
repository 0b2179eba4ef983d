/**
 * `bowline whoami`: who the server says that one is, and how that was proved to it.
 */
import { parseArgs } from "node:util";
import { Client, CredentialError, isUnauthorized, type UserInfo } from "bowline";
import { type Credential, type CredentialSource, createCredentialSource, explainCredentials } from "bowline/auth";
import { describeMethods } from "../authentication.ts";
import { type ChosenContext, chooseContext, contextFlags, contextUsage, isJson, placed } from "../chosen-context.ts";
import type { Command, CommandIo } from "../command.ts";
import { credentialFields, describeCredential } from "../obtained-credential.ts";
import { formatFields, printable, styleOf } from "../text-layout.ts";

const USAGE = `usage: bowline whoami [OPTIONS]

Asks the server with a SelfSubjectReview who the user is, and says by which method he was authenticated and from which
file and context that came. Credential plugins run as they do for any request; no secret is shown.

${contextUsage}`;

export const whoami: Command = {
  name: "whoami",
  summary: "ask the server who you are, and say how you proved it",
  usage: USAGE,
  run: async (args, io) => {
    const { values } = parseArgs({ args: [...args], options: contextFlags });
    const asJson = isJson(values);
    const chosen = await chooseContext(values, io);
    try {
      const found = await ask(chosen, io);
      io.out(asJson ? `${JSON.stringify(found, undefined, 2)}\n` : inWords(found, chosen, io));
      return 0;
    } catch (error) {
      if (error instanceof CredentialError || isUnauthorized(error)) {
        io.error(`bowline whoami: ${error.message}\n`);
        io.error("`bowline credentials --run` shows step by step how this context authenticates\n");
        return 1;
      }
      throw error;
    }
  },
};

async function ask({ config, resolved, credentialOptions, origin }: ChosenContext, io: CommandIo) {
  const credentials = remembering(createCredentialSource(resolved, credentialOptions));
  const { context, cluster, namespace, user } = resolved;
  const explanation = explainCredentials(resolved, credentialOptions);
  await using client = await Client.connect({
    kubeconfig: config,
    context,
    namespace,
    credentials,
    exec: credentialOptions.exec,
  });
  const userInfo: UserInfo = await client.whoami({ signal: io.signal });
  const credential = describeCredential(credentials.latest());
  return {
    ...userInfo,
    authentication: {
      methods: explanation.methods,
      description: describeMethods(explanation),
      credential,
      impersonates: explanation.impersonates,
    },
    from: {
      files: config.files,
      context,
      contextFile: config.contexts.find(({ name }) => name === context)?.origin,
      cluster: cluster.name,
      server: explanation.server,
      user: user.name,
      userFile: origin,
      namespace,
    },
  };
}

/** A source that can tell which credential it gave last: the one that the server's answer was given to. */
function remembering(source: CredentialSource): CredentialSource & { latest(): Credential } {
  let latest: Credential = { generation: 0, headers: {} };
  const keep = (credential: Credential): Credential => {
    latest = credential;
    return credential;
  };
  return {
    credential: async (options) => keep(await source.credential(options)),
    refresh: async (rejected, options) => keep(await source.refresh(rejected, options)),
    close: () => source.close(),
    latest: () => latest,
  };
}

function inWords(found: Awaited<ReturnType<typeof ask>>, { resolved }: ChosenContext, io: CommandIo): string {
  const style = styleOf(io.hasColour);
  const { authentication, from } = found;
  const extra = Object.entries(found.extra ?? {}).map(([key, values]) => `${key}=${values.join(",")}`);
  const isAnonymous = authentication.methods.length === 0;
  const fields = formatFields(
    [
      ["uid", found.uid && printable(found.uid)],
      ["groups", found.groups.length === 0 ? undefined : printable(found.groups.join(", "))],
      ["extra", extra.length === 0 ? undefined : printable(extra.join(", "))],
      ["acting as", authentication.impersonates && printable(authentication.impersonates)],
      ["method", isAnonymous ? style.yellow(authentication.description) : authentication.description],
      ...credentialFields(authentication.credential, Date.now(), style).filter(([name]) => name !== "obtained"),
      ["context", from.context && placed(from.context, from.contextFile)],
      ["user", from.user === "" ? undefined : placed(from.user, resolved.user.origin)],
      ["cluster", printable(`${from.cluster} at ${from.server}`)],
    ],
    style,
  );
  return `${style.bold(printable(found.username))}\n${fields}`;
}
