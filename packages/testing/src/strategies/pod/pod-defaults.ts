/**
 * Defaults of a Pod's spec, shared by Pods and by everything that holds a pod template.
 *
 * A Pod gets more than a template: requests from limits, `enableServiceLinks`, host ports with the host's network.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
import {
  ensureFields,
  type Fields,
  fieldsAt,
  fieldsOf,
  fillAbsent,
  fillEmpty,
  isEmpty,
  isTrueAt,
  itemsAt,
  numberAt,
  textAt,
} from "../json-access.ts";
import { isHugePages, roundUpResources } from "../validation/resource-validation.ts";
import { aggregateResources } from "./pod-resources.ts";
import { defaultVolume } from "./volume-defaults.ts";

/** Defaults of `spec` in a Pod or a template. */
export function defaultPodSpec(spec: Fields): void {
  const account = textAt(spec, "serviceAccountName") || textAt(spec, "serviceAccount");
  if (account !== "") {
    spec["serviceAccountName"] = account;
    spec["serviceAccount"] = account;
  }
  fillEmpty(spec, "dnsPolicy", "ClusterFirst");
  fillEmpty(spec, "restartPolicy", "Always");
  fillAbsent(spec, "securityContext", {});
  fillAbsent(spec, "terminationGracePeriodSeconds", 30);
  fillEmpty(spec, "schedulerName", "default-scheduler");
  for (const volume of itemsAt(spec, "volumes")) defaultVolume(volume);
  roundUpResources(
    fieldsAt(spec, "overhead"),
    ...["requests", "limits"].flatMap((member) => [
      fieldsAt(spec, "resources", member),
      ...["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
        itemsAt(spec, list).map((container) => fieldsAt(container, "resources", member)),
      ),
    ]),
  );
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
    for (const container of itemsAt(spec, list)) defaultContainer(container);
  }
}

/** Defaults of a pod template (`spec.template` of workloads). */
export function defaultPodTemplate(template: Fields | undefined): void {
  if (template === undefined) return;
  defaultPodSpec(ensureFields(template, "spec"));
}

/** Defaults of a Pod itself. */
export function defaultPod(pod: Fields): void {
  const spec = ensureFields(pod, "spec");
  const grace = numberAt(spec, "terminationGracePeriodSeconds");
  if (grace !== undefined && grace < 0) spec["terminationGracePeriodSeconds"] = 1;
  for (const list of ["containers", "initContainers"]) {
    for (const container of itemsAt(spec, list)) requestLimits(container);
  }
  fillAbsent(spec, "enableServiceLinks", true);
  if (isTrueAt(spec, "hostNetwork")) {
    for (const list of ["containers", "initContainers"]) {
      for (const container of itemsAt(spec, list)) {
        for (const port of itemsAt(container, "ports")) fillEmpty(port, "hostPort", port["containerPort"]);
      }
    }
  }
  defaultPodSpec(spec);
  syncPodIps(pod);
}

/** What is limited and not requested is requested as much. */
function requestLimits(container: Fields): void {
  const limits = fieldsAt(container, "resources", "limits");
  if (limits === undefined) return;
  const requests = ensureFields(ensureFields(container, "resources"), "requests");
  for (const [name, value] of Object.entries(limits)) fillAbsent(requests, name, value);
}

/** Where a new Pod as a whole has limits, it requests what its containers request, and else as much as it may have. */
export function requestForPod(spec: Fields): void {
  const limits = fieldsAt(spec, "resources", "limits") ?? {};
  if (Object.keys(limits).length === 0) return;
  const isOfPods = (name: string) => name === "cpu" || name === "memory" || isHugePages(name);
  const requests = ensureFields(ensureFields(spec, "resources"), "requests");
  for (const [name, quantity] of aggregateResources(spec, "requests"))
    if (isOfPods(name) && !isHugePages(name)) fillAbsent(requests, name, quantity.toString());
  for (const [name, value] of Object.entries(limits)) if (isOfPods(name)) fillAbsent(requests, name, value);
  if (Object.keys(requests).length === 0) delete ensureFields(spec, "resources")["requests"];
}

function syncPodIps(pod: Fields): void {
  const status = fieldsOf(pod["status"]);
  if (status === undefined) return;
  const ip = textAt(status, "podIP");
  const first = textAt(itemsAt(status, "podIPs")[0], "ip");
  if (ip !== "" && ip !== first) status["podIPs"] = [{ ip }];
  else if (ip === "" && first !== "") status["podIP"] = first;
}

function defaultContainer(container: Fields): void {
  const fallback = imageTag(textAt(container, "image")) === "latest" ? "Always" : "IfNotPresent";
  fillEmpty(container, "imagePullPolicy", fallback);
  fillEmpty(container, "terminationMessagePath", "/dev/termination-log");
  fillEmpty(container, "terminationMessagePolicy", "File");
  for (const port of itemsAt(container, "ports")) fillEmpty(port, "protocol", "TCP");
  for (const variable of itemsAt(container, "env")) {
    fillEmpty(fieldsAt(variable, "valueFrom", "fieldRef"), "apiVersion", "v1");
    fillAbsent(fieldsAt(variable, "valueFrom", "fileKeyRef"), "optional", false);
  }
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) defaultProbe(fieldsAt(container, name));
  for (const hook of ["postStart", "preStop"]) defaultHttpGet(fieldsAt(container, "lifecycle", hook, "httpGet"));
}

function defaultProbe(probe: Fields | undefined): void {
  if (probe === undefined) return;
  defaultHttpGet(fieldsAt(probe, "httpGet"));
  fillAbsent(fieldsAt(probe, "grpc"), "service", "");
  fillEmpty(probe, "timeoutSeconds", 1);
  fillEmpty(probe, "periodSeconds", 10);
  fillEmpty(probe, "successThreshold", 1);
  fillEmpty(probe, "failureThreshold", 3);
}

function defaultHttpGet(action: Fields | undefined): void {
  fillEmpty(action, "path", "/");
  fillEmpty(action, "scheme", "HTTP");
}

/** The tag of an image reference: `latest` where it has neither tag nor digest, `""` with a digest alone. */
export function imageTag(image: string): string {
  if (image.length > MAX_REFERENCE) return "";
  const [name = "", digest] = image.split("@", 2);
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  if (colon >= 0) return name.slice(colon + 1);
  return digest === undefined && REPOSITORY.test(name) ? "latest" : "";
}

/** What is longer is no reference. */
const MAX_REFERENCE = 255;
/** A repository, perhaps with a registry before it. What is none has no tag, not even the default one. */
const REPOSITORY =
  /^([a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:\d+)?\/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$/;

/** The quality-of-service class that a Pod's requests and limits give it. */
export function qosClass(spec: Fields): "Guaranteed" | "Burstable" | "BestEffort" {
  let isGuaranteed = true;
  let hasAny = false;
  const podLevel = fieldsAt(spec, "resources");
  const holders =
    podLevel !== undefined && !(isEmpty(podLevel["requests"]) && isEmpty(podLevel["limits"]))
      ? [{ resources: podLevel }]
      : [...itemsAt(spec, "initContainers"), ...itemsAt(spec, "containers")];
  for (const holder of holders) {
    for (const name of ["cpu", "memory"]) {
      const limit = quantityOf(fieldsAt(holder, "resources", "limits")?.[name]);
      const request = quantityOf(fieldsAt(holder, "resources", "requests")?.[name]);
      if (limit !== undefined || request !== undefined) hasAny = true;
      if (limit === undefined || (request !== undefined && request !== limit)) isGuaranteed = false;
    }
  }
  if (!hasAny) return "BestEffort";
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

/** A quantity's text where it is not zero: both sides are canonical by now, so texts compare. */
function quantityOf(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  return /^0+(\.0*)?[A-Za-z]*$/.test(String(value)) ? undefined : String(value);
}
