/**
 * The checks of the Pod Security Standards, each from the minor version since which it holds, in the order in which they are told.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
import {
  at,
  type Fields,
  fieldsAt,
  isTrueAt,
  itemsAt,
  numberAt,
  stringMapAt,
  textAt,
  textsAt,
} from "../../strategies/json-access.ts";
import {
  CONTAINER_APP_ARMOR_ANNOTATION,
  CONTAINER_SECCOMP_ANNOTATION,
  POD_SECCOMP_ANNOTATION,
} from "../../strategies/pod/pod-annotations.ts";
import type { LevelVersion } from "./security-policy.ts";

/** What a Pod does that its policy forbids. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** A Pod or the template of one. */
export interface CheckedPod {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Fields;
}

type Check = (pod: CheckedPod) => Violation | undefined;

interface VersionedCheck {
  readonly since: number;
  readonly check: Check;
}

interface NamedCheck {
  readonly id: string;
  /** Oldest first; the last one that is not newer than the policy holds. */
  readonly versions: readonly VersionedCheck[];
  /** The check of the baseline that a stricter one stands for. */
  readonly replaces?: string;
}

/** A policy newer than all checks is the latest one. */
const NEWEST_MINOR = 37;

/** What `pod` does that the policy forbids. */
export function violations(pod: CheckedPod, { level, minor }: LevelVersion): readonly Violation[] {
  if (level === "privileged") return [];
  const version = minor === "latest" ? NEWEST_MINOR : Math.min(minor, NEWEST_MINOR);
  const strict = level === "baseline" ? [] : RESTRICTED.filter(({ versions }) => (versions[0]?.since ?? 0) <= version);
  const replaced = new Set(strict.map(({ replaces }) => replaces));
  return [...BASELINE.filter(({ id }) => !replaced.has(id)), ...strict].flatMap(({ versions }) => {
    const current = versions.filter(({ since }) => since <= version).at(-1);
    return current?.check(pod) ?? [];
  });
}

const ALLOWED_CAPABILITIES = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);
const SYSCTLS_1_0 = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
];
const SYSCTLS_1_27 = [...SYSCTLS_1_0, "net.ipv4.ip_local_reserved_ports"];
const SYSCTLS_1_29 = [
  ...SYSCTLS_1_27,
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
];
const SYSCTLS_1_32 = [...SYSCTLS_1_29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];
const SYSCTLS_1_37 = [...SYSCTLS_1_32, "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"];
const SELINUX_TYPES_1_0 = ["", "container_t", "container_init_t", "container_kvm_t"];
const SELINUX_TYPES_1_31 = [...SELINUX_TYPES_1_0, "container_engine_t"];
const FREE_VOLUMES = new Set(
  "configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret".split(" "),
);

const BASELINE: readonly NamedCheck[] = [
  { id: "appArmorProfile", versions: [{ since: 0, check: appArmor }] },
  { id: "capabilities_baseline", versions: [{ since: 0, check: addedCapabilities }] },
  { id: "hostNamespaces", versions: [{ since: 0, check: hostNamespaces }] },
  { id: "hostPathVolumes", versions: [{ since: 0, check: hostPaths }] },
  { id: "hostPorts", versions: [{ since: 0, check: hostPorts }] },
  { id: "hostProbesAndHostLifecycle", versions: [{ since: 34, check: hostProbes }] },
  { id: "privileged", versions: [{ since: 0, check: privileged }] },
  {
    id: "procMount",
    versions: [
      { since: 0, check: procMount },
      { since: 35, check: unlessOwnUsers(procMount) },
    ],
  },
  {
    id: "seLinuxOptions",
    versions: [
      { since: 0, check: seLinux(SELINUX_TYPES_1_0) },
      { since: 31, check: seLinux(SELINUX_TYPES_1_31) },
    ],
  },
  {
    id: "seccompProfile_baseline",
    versions: [
      { since: 0, check: seccompAnnotations },
      { since: 19, check: (pod) => badSeccomp(pod) },
    ],
  },
  {
    id: "sysctls",
    versions: [
      { since: 0, check: sysctls(SYSCTLS_1_0) },
      { since: 27, check: sysctls(SYSCTLS_1_27) },
      { since: 29, check: sysctls(SYSCTLS_1_29) },
      { since: 32, check: sysctls(SYSCTLS_1_32) },
      { since: 37, check: sysctls(SYSCTLS_1_37) },
    ],
  },
  { id: "windowsHostProcess", versions: [{ since: 0, check: hostProcess }] },
];

const RESTRICTED: readonly NamedCheck[] = [
  {
    id: "allowPrivilegeEscalation",
    versions: [
      { since: 8, check: privilegeEscalation },
      { since: 25, check: unlessWindows(privilegeEscalation) },
    ],
  },
  {
    id: "capabilities_restricted",
    replaces: "capabilities_baseline",
    versions: [
      { since: 22, check: droppedCapabilities },
      { since: 25, check: unlessWindows(droppedCapabilities) },
    ],
  },
  { id: "procMount_restricted", replaces: "procMount", versions: [{ since: 35, check: procMount }] },
  { id: "restrictedVolumes", replaces: "hostPathVolumes", versions: [{ since: 0, check: restrictedVolumes }] },
  {
    id: "runAsNonRoot",
    versions: [
      { since: 0, check: runAsNonRoot },
      { since: 35, check: unlessOwnUsers(runAsNonRoot) },
    ],
  },
  {
    id: "runAsUser",
    versions: [
      { since: 23, check: runAsUser },
      { since: 35, check: unlessOwnUsers(runAsUser) },
    ],
  },
  {
    id: "seccompProfile_restricted",
    replaces: "seccompProfile_baseline",
    versions: [
      { since: 19, check: missingSeccomp },
      { since: 25, check: unlessWindows(missingSeccomp) },
    ],
  },
];

/** A Pod with users of its own may be root among them. */
function unlessOwnUsers(check: Check): Check {
  return (pod) => (at(pod.spec, "hostUsers") === false ? undefined : check(pod));
}

function unlessWindows(check: Check): Check {
  return (pod) => (textAt(pod.spec, "os", "name") === "windows" ? undefined : check(pod));
}

function containersOf({ spec }: CheckedPod): readonly Fields[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => [...itemsAt(spec, list)]);
}

function named(containers: readonly Fields[]): string {
  return `${plural("container", containers.length)} ${quoted(containers.map((container) => textAt(container, "name")))}`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(", ");
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** `pod and container "a"`: who sets what should not be set; empty where nobody does. */
function setters(pod: CheckedPod, isBad: (securityContext: Fields) => boolean): string {
  const bad = containersOf(pod).filter((container) => isBad(fieldsAt(container, "securityContext") ?? {}));
  const isPodBad = isBad(fieldsAt(pod.spec, "securityContext") ?? {});
  return [...(isPodBad ? ["pod"] : []), ...(bad.length === 0 ? [] : [named(bad)])].join(" and ");
}

/** The values at a path of all security contexts that are not good ones. */
function badValues(pod: CheckedPod, isBad: (value: string) => boolean, ...path: readonly string[]): readonly string[] {
  const contexts = [pod.spec, ...containersOf(pod)].map((part) => fieldsAt(part, "securityContext"));
  return sorted(
    contexts
      .filter((part) => fieldsAt(part, path[0] ?? "") !== undefined)
      .map((part) => textAt(part, ...path))
      .filter(isBad),
  );
}

function appArmor(pod: CheckedPod): Violation | undefined {
  const isBad = (type: string) => type !== "RuntimeDefault" && type !== "Localhost";
  const who = setters(pod, (context) => {
    const profile = fieldsAt(context, "appArmorProfile");
    return profile !== undefined && isBad(textAt(profile, "type"));
  });
  const annotations = Object.entries(pod.annotations)
    .filter(
      ([key, value]) =>
        key.startsWith(CONTAINER_APP_ARMOR_ANNOTATION) && !/^($|runtime\/default$|localhost\/)/.test(value),
    )
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const values = [...badValues(pod, isBad, "appArmorProfile", "type"), ...annotations];
  const all = [who, annotations.length === 0 ? "" : plural("annotation", annotations.length)].filter(
    (text) => text !== "",
  );
  if (all.length === 0) return undefined;
  const detail = `${all.join(" and ")} must not set AppArmor profile type to ${quoted(values)}`;
  return { reason: plural("forbidden AppArmor profile", values.length), detail };
}

function addedCapabilities(pod: CheckedPod): Violation | undefined {
  const forbidden = (container: Fields) =>
    textsAt(container, "securityContext", "capabilities", "add").filter((name) => !ALLOWED_CAPABILITIES.has(name));
  const bad = containersOf(pod).filter((container) => forbidden(container).length > 0);
  if (bad.length === 0) return undefined;
  const names = quoted(sorted(bad.flatMap(forbidden)));
  const detail = `${named(bad)} must not include ${names} in securityContext.capabilities.add`;
  return { reason: "non-default capabilities", detail };
}

function hostNamespaces({ spec }: CheckedPod): Violation | undefined {
  const used = ["hostNetwork", "hostPID", "hostIPC"].filter((member) => isTrueAt(spec, member));
  if (used.length === 0) return undefined;
  return { reason: "host namespaces", detail: used.map((member) => `${member}=true`).join(", ") };
}

function hostPaths({ spec }: CheckedPod): Violation | undefined {
  const bad = itemsAt(spec, "volumes").filter((volume) => volume["hostPath"] !== undefined);
  if (bad.length === 0) return undefined;
  const names = quoted(bad.map((volume) => textAt(volume, "name")));
  return { reason: "hostPath volumes", detail: `${plural("volume", bad.length)} ${names}` };
}

function hostPorts(pod: CheckedPod): Violation | undefined {
  const portsOf = (container: Fields) =>
    itemsAt(container, "ports").flatMap((port) => {
      const number = numberAt(port, "hostPort") ?? 0;
      return number === 0 ? [] : [String(number)];
    });
  const bad = containersOf(pod).filter((container) => portsOf(container).length > 0);
  if (bad.length === 0) return undefined;
  const ports = sorted(bad.flatMap(portsOf));
  const detail = `${named(bad)} ${bad.length === 1 ? "uses" : "use"} ${plural("hostPort", ports.length)} ${ports.join(", ")}`;
  return { reason: "hostPort", detail };
}

function hostProbes(pod: CheckedPod): Violation | undefined {
  const handlers = [
    ["livenessProbe"],
    ["readinessProbe"],
    ["startupProbe"],
    ["lifecycle", "postStart"],
    ["lifecycle", "preStop"],
  ];
  const hostsOf = (container: Fields) =>
    handlers.flatMap((path) =>
      ["httpGet", "tcpSocket"]
        .map((action) => textAt(container, ...path, action, "host"))
        .filter((host) => host !== ""),
    );
  const bad = containersOf(pod).filter((container) => hostsOf(container).length > 0);
  if (bad.length === 0) return undefined;
  const names = sorted(bad.map((container) => textAt(container, "name")));
  const hosts = sorted(bad.flatMap(hostsOf));
  const who = `${plural("container", names.length)} ${quoted(names)} ${names.length === 1 ? "uses" : "use"}`;
  const detail = `${who} ${plural("probe or lifecycle host", hosts.length)} ${quoted(hosts)}`;
  return { reason: "probe or lifecycle host", detail };
}

function privileged(pod: CheckedPod): Violation | undefined {
  const bad = containersOf(pod).filter((container) => isTrueAt(container, "securityContext", "privileged"));
  if (bad.length === 0) return undefined;
  return { reason: "privileged", detail: `${named(bad)} must not set securityContext.privileged=true` };
}

function procMount(pod: CheckedPod): Violation | undefined {
  const typeOf = (container: Fields) => textAt(container, "securityContext", "procMount") || "Default";
  const bad = containersOf(pod).filter((container) => typeOf(container) !== "Default");
  if (bad.length === 0) return undefined;
  const detail = `${named(bad)} must not set securityContext.procMount to ${quoted(sorted(bad.map(typeOf)))}`;
  return { reason: "procMount", detail };
}

function seLinux(types: readonly string[]): Check {
  return (pod) => {
    const isBadType = (type: string) => !types.includes(type);
    const who = setters(pod, (context) => {
      const options = fieldsAt(context, "seLinuxOptions");
      if (options === undefined) return false;
      return isBadType(textAt(options, "type")) || textAt(options, "user") !== "" || textAt(options, "role") !== "";
    });
    if (who === "") return undefined;
    const bad = badValues(pod, isBadType, "seLinuxOptions", "type");
    const isSet = (member: string) => badValues(pod, (value) => value !== "", "seLinuxOptions", member).length > 0;
    const what = [
      ...(bad.length === 0 ? [] : [`${plural("type", bad.length)} ${quoted(bad)}`]),
      ...["user", "role"].filter(isSet).map((member) => `${member} may not be set`),
    ];
    return {
      reason: "seLinuxOptions",
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${what.join("; ")}`,
    };
  };
}

function seccompAnnotations(pod: CheckedPod): Violation | undefined {
  const keys = [
    POD_SECCOMP_ANNOTATION,
    ...containersOf(pod).map((container) => `${CONTAINER_SECCOMP_ANNOTATION}${textAt(container, "name")}`),
  ];
  const bad = sorted(keys).flatMap((key) => {
    const value = pod.annotations[key];
    return value === undefined || /^(runtime\/default|docker\/default)$|^localhost\//.test(value)
      ? []
      : [`${key}=${JSON.stringify(value)}`];
  });
  if (bad.length === 0) return undefined;
  return { reason: "seccompProfile", detail: `forbidden ${plural("annotation", bad.length)} ${bad.join(", ")}` };
}

function isGoodSeccomp(type: string): boolean {
  return type === "RuntimeDefault" || type === "Localhost";
}

function badSeccomp(pod: CheckedPod): Violation | undefined {
  const isBad = (type: string) => !isGoodSeccomp(type);
  const who = setters(pod, (context) => {
    const profile = fieldsAt(context, "seccompProfile");
    return profile !== undefined && isBad(textAt(profile, "type"));
  });
  if (who === "") return undefined;
  const values = quoted(badValues(pod, isBad, "seccompProfile", "type"));
  return { reason: "seccompProfile", detail: `${who} must not set securityContext.seccompProfile.type to ${values}` };
}

function missingSeccomp(pod: CheckedPod): Violation | undefined {
  const bad = badSeccomp(pod);
  if (bad !== undefined || fieldsAt(pod.spec, "securityContext", "seccompProfile") !== undefined) return bad;
  const without = containersOf(pod).filter(
    (container) => fieldsAt(container, "securityContext", "seccompProfile") === undefined,
  );
  if (without.length === 0) return undefined;
  const what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return { reason: "seccompProfile", detail: `pod or ${named(without)} ${what}` };
}

function sysctls(allowed: readonly string[]): Check {
  return ({ spec }) => {
    const names = itemsAt(spec, "securityContext", "sysctls").map((sysctl) => textAt(sysctl, "name"));
    const bad = names.filter((name) => !allowed.includes(name));
    return bad.length === 0 ? undefined : { reason: "forbidden sysctls", detail: bad.join(", ") };
  };
}

function hostProcess(pod: CheckedPod): Violation | undefined {
  const who = setters(pod, (context) => isTrueAt(context, "windowsOptions", "hostProcess"));
  if (who === "") return undefined;
  return { reason: "hostProcess", detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
}

function privilegeEscalation(pod: CheckedPod): Violation | undefined {
  const bad = containersOf(pod).filter(
    (container) => at(container, "securityContext", "allowPrivilegeEscalation") !== false,
  );
  if (bad.length === 0) return undefined;
  const detail = `${named(bad)} must set securityContext.allowPrivilegeEscalation=false`;
  return { reason: "allowPrivilegeEscalation != false", detail };
}

function droppedCapabilities(pod: CheckedPod): Violation | undefined {
  const all = containersOf(pod);
  const listOf = (container: Fields, list: string) => textsAt(container, "securityContext", "capabilities", list);
  const keeping = all.filter((container) => !listOf(container, "drop").includes("ALL"));
  const added = (container: Fields) => listOf(container, "add").filter((name) => name !== "NET_BIND_SERVICE");
  const adding = all.filter((container) => added(container).length > 0);
  const details: string[] = [];
  if (keeping.length > 0) details.push(`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  if (adding.length > 0) {
    const names = quoted(sorted(adding.flatMap(added)));
    details.push(`${named(adding)} must not include ${names} in securityContext.capabilities.add`);
  }
  return details.length === 0 ? undefined : { reason: "unrestricted capabilities", detail: details.join("; ") };
}

function restrictedVolumes({ spec }: CheckedPod): Violation | undefined {
  const typeOf = (volume: Fields) => Object.keys(volume).find((member) => member !== "name") ?? "unknown";
  const bad = itemsAt(spec, "volumes").filter((volume) => !FREE_VOLUMES.has(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map(typeOf));
  const who = `${plural("volume", bad.length)} ${quoted(bad.map((volume) => textAt(volume, "name")))}`;
  const what = `${bad.length === 1 ? "uses" : "use"} ${plural("restricted volume type", types.length)} ${quoted(types)}`;
  return { reason: "restricted volume types", detail: `${who} ${what}` };
}

function runAsNonRoot(pod: CheckedPod): Violation | undefined {
  const who = setters(pod, (context) => context["runAsNonRoot"] === false);
  const reason = "runAsNonRoot != true";
  if (who !== "") return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  if (isTrueAt(pod.spec, "securityContext", "runAsNonRoot")) return undefined;
  const without = containersOf(pod).filter(
    (container) => at(container, "securityContext", "runAsNonRoot") === undefined,
  );
  if (without.length === 0) return undefined;
  return { reason, detail: `pod or ${named(without)} must set securityContext.runAsNonRoot=true` };
}

function runAsUser(pod: CheckedPod): Violation | undefined {
  const who = setters(pod, (context) => context["runAsUser"] === 0);
  return who === "" ? undefined : { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` };
}

/** The Pod that an object holds: its own, or that of its template. */
export function checkedPod(object: Fields, template: Fields | undefined): CheckedPod | undefined {
  const spec = fieldsAt(template ?? object, "spec");
  if (spec === undefined) return undefined;
  return { annotations: stringMapAt(template ?? object, "metadata", "annotations"), spec };
}
