/**
 * ServiceAccount: gives Pods an account and its token, and holds them to the secrets that the account names.
 */
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { at, ensureFields, type Fields, fieldsAt, isEmpty, itemsAt, textAt } from "../strategies/json-access.ts";
import { MIRROR_ANNOTATION } from "../strategies/pod/pod-annotations.ts";
import { isPodWrite, refusal } from "./admission-refusal.ts";

const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const ENFORCE = "kubernetes.io/enforce-mountable-secrets";
const SUFFIX_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789";

/** Gives Pods the account `default`, and a token where the account and the Pod do not say otherwise. */
export function serviceAccountPlugin(createsAccounts: () => boolean): AdmissionPlugin {
  return {
    name: "ServiceAccount",
    admit: (request) => admitAccount(request, createsAccounts),
    validate(request): void {
      if (isPodWrite(request, "UPDATE", "ephemeralcontainers")) checkEphemeral(request);
    },
  };
}

function admitAccount(request: AdmissionRequest, createsAccounts: () => boolean): void {
  const pod = request.object;
  if (pod === undefined || !isPodWrite(request, "CREATE")) return;
  const spec = ensureFields(pod, "spec");
  if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) {
    checkMirror(request, spec);
    return;
  }
  const name = textAt(spec, "serviceAccountName") || "default";
  spec["serviceAccountName"] = name;
  spec["serviceAccount"] = name;
  const account = request.context.find("v1", "ServiceAccount", request.namespace, name);
  if (account === undefined && name === "default" && !createsAccounts()) return;
  if (account === undefined) {
    throw refusal(
      request,
      `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`,
    );
  }
  const mounts = at(spec, "automountServiceAccountToken") ?? at(account, "automountServiceAccountToken") ?? true;
  if (mounts !== false) mountToken(spec);
  const secrets = itemsAt(account, "imagePullSecrets");
  if (isEmpty(spec["imagePullSecrets"]) && secrets.length > 0) {
    spec["imagePullSecrets"] = secrets.map((secret) => ({ name: textAt(secret, "name") }));
  }
  if (isLimited(account)) limitSecrets(request, account, spec);
}

/** Newer containers of a Pod that is there. */
function checkEphemeral(request: AdmissionRequest): void {
  const spec = fieldsAt(request.object, "spec") ?? {};
  const account = request.context.find("v1", "ServiceAccount", request.namespace, textAt(spec, "serviceAccountName"));
  if (account === undefined || !isLimited(account)) return;
  limitContainers(request, account, itemsAt(spec, "ephemeralContainers"), "ephemeral container");
}

/** A Pod that the kubelet has from a file. */
function checkMirror(request: AdmissionRequest, spec: Fields): void {
  if (textAt(spec, "serviceAccountName") !== "")
    throw refusal(request, "a mirror pod may not reference service accounts");
  if (namesSecret(spec)) throw refusal(request, "a mirror pod may not reference secrets");
  const sources = itemsAt(spec, "volumes").flatMap((volume) => itemsAt(volume, "projected", "sources"));
  if (sources.some((source) => source["serviceAccountToken"] !== undefined))
    throw refusal(request, "a mirror pod may not use ServiceAccountToken volume projections");
}

function namesSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(namesSecret);
  return Object.entries(value).some(([key, item]) =>
    ["secretKeyRef", "secretRef", "secret", "imagePullSecrets", "nodePublishSecretRef"].includes(key)
      ? !isEmpty(item)
      : namesSecret(item),
  );
}

function isLimited(account: ApiObject): boolean {
  return ["1", "t", "T", "TRUE", "true", "True"].includes(account.metadata.annotations?.[ENFORCE] ?? "");
}

/** Where the account says so, its Pods may only use the secrets that it names. */
function limitSecrets(request: AdmissionRequest, account: ApiObject, spec: Fields): void {
  const allowed = itemsAt(account, "secrets").map((secret) => textAt(secret, "name"));
  for (const volume of itemsAt(spec, "volumes")) {
    const name = textAt(volume, "secret", "secretName");
    if (volume["secret"] !== undefined && !allowed.includes(name))
      throw refusal(request, notReferenced(`volume with secret.secretName="${name}"`, account));
  }
  limitContainers(request, account, itemsAt(spec, "initContainers"), "init container");
  limitContainers(request, account, itemsAt(spec, "containers"), "container");
  const pullSecrets = itemsAt(account, "imagePullSecrets").map((secret) => textAt(secret, "name"));
  for (const [index, secret] of itemsAt(spec, "imagePullSecrets").entries()) {
    const name = textAt(secret, "name");
    if (!pullSecrets.includes(name)) {
      const what = `imagePullSecrets[${index}].name="${name}"`;
      throw refusal(request, notReferenced(what, account, "imagePullSecret"));
    }
  }
}

function limitContainers(
  request: AdmissionRequest,
  account: ApiObject,
  containers: readonly Fields[],
  label: string,
): void {
  const allowed = itemsAt(account, "secrets").map((secret) => textAt(secret, "name"));
  const check = (secret: Fields | undefined, what: string) => {
    if (secret === undefined || allowed.includes(textAt(secret, "name"))) return;
    const text = `${what} referencing secret.secretName="${textAt(secret, "name")}"`;
    throw refusal(request, notReferenced(text, account));
  };
  for (const container of containers) {
    const who = `${label} ${textAt(container, "name")}`;
    for (const env of itemsAt(container, "env"))
      check(fieldsAt(env, "valueFrom", "secretKeyRef"), `${who} with envVar ${textAt(env, "name")}`);
    for (const source of itemsAt(container, "envFrom")) check(fieldsAt(source, "secretRef"), `${who} with envFrom`);
  }
}

function notReferenced(what: string, account: ApiObject, kind = "secret"): string {
  return `${what} is not allowed because service account ${account.metadata.name} does not reference that ${kind}`;
}

function mountToken(spec: Fields): void {
  const present = itemsAt(spec, "volumes").find((volume) => textAt(volume, "name").startsWith("kube-api-access-"));
  const name = present === undefined ? `kube-api-access-${randomSuffix()}` : textAt(present, "name");
  let isNeeded = false;
  for (const list of ["initContainers", "containers"]) {
    for (const container of itemsAt(spec, list)) {
      const mounts = itemsAt(container, "volumeMounts");
      if (mounts.some((mount) => mount["mountPath"] === TOKEN_PATH)) continue;
      container["volumeMounts"] = [...mounts, { name, readOnly: true, mountPath: TOKEN_PATH }];
      isNeeded = true;
    }
  }
  if (present !== undefined || !isNeeded) return;
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    {
      downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] },
    },
  ];
  spec["volumes"] = [...itemsAt(spec, "volumes"), { name, projected: { sources, defaultMode: 0o644 } }];
}

function randomSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return Array.from(bytes, (byte) => SUFFIX_CHARACTERS[byte % SUFFIX_CHARACTERS.length]).join("");
}
