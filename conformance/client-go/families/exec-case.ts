/**
 * A case about an exec plugin called `p`.
 */
import type { CredentialCase } from "../case.ts";
import { exec, kubeconfig, secureCluster } from "../kubeconfig-text.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A case whose kubeconfig has an exec section. */
export function execCase(
  name: string,
  changes: Fields,
  rest: Partial<CredentialCase> = {},
  cluster: Fields = secureCluster,
): CredentialCase {
  return {
    name,
    files: { config: kubeconfig(exec(changes), cluster), ...rest.files },
    plugins: { "bin/p": {} },
    kubeconfig: "@DIR@/config",
    ...withoutFiles(rest),
  };
}

function withoutFiles({ files: _, ...rest }: Partial<CredentialCase>): Partial<CredentialCase> {
  return rest;
}
