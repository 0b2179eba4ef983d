/**
 * What must hold of the cluster and the user that are going to be used. Every problem is reported, not only the first.
 */
import type { ConfigErrorCode, ConfigProblem } from "./config-error.ts";
import type { Host } from "./host.ts";
import { systemReason } from "./host.ts";
import type { ClusterStanza, ExecStanza, UserStanza } from "./kubeconfig-stanza.ts";
import { readProxyUrl } from "./server-url.ts";

type Report = (message: string, code?: ConfigErrorCode) => void;

/** Problems of a cluster, its file paths made absolute. */
export function validateCluster(host: Host, name: string, cluster: ClusterStanza): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report = reporter(problems, `cluster ${JSON.stringify(name)}`);
  if (!cluster.server) report("has no server", "ServerMissing");
  if (cluster["proxy-url"]) {
    const proxy = readProxyUrl(cluster["proxy-url"], name);
    if (!(proxy instanceof URL)) problems.push(proxy);
  }
  if (cluster["certificate-authority"] && cluster["certificate-authority-data"]) {
    report("has both certificate-authority and certificate-authority-data; remove one");
  }
  checkFile(host, cluster["certificate-authority"], "certificate-authority", report);
  return problems;
}

/** Problems of a user, its file paths made absolute. */
export function validateUser(host: Host, name: string, user: UserStanza): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report = reporter(problems, name === "" ? "the user" : `user ${JSON.stringify(name)}`);
  if (user.token && (user.username || user.password)) {
    report("has both a token and a username or password; only one is allowed");
  }
  if (user["client-certificate"] || user["client-certificate-data"]) validateCertificate(host, user, report);
  if (user.exec !== undefined) validateExec(user.exec, user["auth-provider"] !== undefined, report);
  const extra = user["as-user-extra"];
  const hasMore = Boolean(user["as-uid"] || user["as-groups"]?.length || (extra && Object.keys(extra).length > 0));
  if (hasMore && !user.as) report("has as-uid, as-groups or as-user-extra and no user to impersonate; set as");
  return problems;
}

function validateCertificate(host: Host, user: UserStanza, report: Report): void {
  if (user["client-certificate"] && user["client-certificate-data"]) {
    report("has both client-certificate and client-certificate-data; remove one");
  }
  if (user["client-key"] && user["client-key-data"]) report("has both client-key and client-key-data; remove one");
  if (!user["client-key"] && !user["client-key-data"]) report("has a client certificate and no client-key for it");
  checkFile(host, user["client-certificate"], "client-certificate", report);
  checkFile(host, user["client-key"], "client-key", report);
}

function validateExec(exec: ExecStanza, hasAuthProvider: boolean, report: Report): void {
  if (hasAuthProvider) report("has both exec and auth-provider; remove one");
  if (!exec.command) report("has an exec plugin without a command");
  if (!exec.apiVersion) {
    report("has an exec plugin without an apiVersion; the usual one is client.authentication.k8s.io/v1");
  }
  if (exec.env?.some((variable) => !variable.name)) report("has an exec plugin with an env entry that has no name");
  const mode = interactiveModeOf(exec);
  if (mode === "") report("has an exec plugin without an interactiveMode; set Never, IfAvailable or Always");
  else if (mode !== "Never" && mode !== "IfAvailable" && mode !== "Always") {
    report(`has the unknown interactiveMode ${JSON.stringify(mode)}; set Never, IfAvailable or Always`);
  }
}

/** The mode as written; the versions before v1 have a default. */
export function interactiveModeOf(exec: ExecStanza): string {
  if (exec.interactiveMode) return exec.interactiveMode;
  const { apiVersion } = exec;
  const hasDefault =
    apiVersion === "client.authentication.k8s.io/v1beta1" || apiVersion === "client.authentication.k8s.io/v1alpha1";
  return hasDefault ? "IfAvailable" : "";
}

function checkFile(host: Host, path: string | undefined, field: string, report: Report): void {
  if (!path) return;
  try {
    host.checkReadable(path);
  } catch (error) {
    report(
      `names the ${field} ${JSON.stringify(path)}, which cannot be read: ${systemReason(error)}`,
      "FileUnreadable",
    );
  }
}

function reporter(problems: ConfigProblem[], subject: string): Report {
  return (message, code = "KubeconfigInvalid") => problems.push({ code, message: `${subject} ${message}` });
}
