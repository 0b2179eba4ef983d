/**
 * Plugins for other kinds: defaults that depend on other objects, finalizers that protect, and a taint for new nodes.
 */
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import type { ApiObject } from "../registry/strategy.ts";
import { at, ensureFields, fieldsAt, isTrueAt, itemsAt, textAt } from "../strategies/json-access.ts";
import { quantityOf } from "../strategies/validation/resource-validation.ts";
import { refusal } from "./admission-refusal.ts";

function isWrite(
  request: AdmissionRequest,
  group: string,
  kind: string,
  operation: AdmissionRequest["operation"],
): boolean {
  const { resource } = request;
  return (
    resource.group === group && resource.kind === kind && request.operation === operation && request.subresource === ""
  );
}

/** New nodes are not ready yet. */
export const nodeTaintPlugin: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  admit(request): void {
    if (request.object === undefined || !isWrite(request, "", "Node", "CREATE")) return;
    const spec = ensureFields(request.object, "spec");
    const taints = itemsAt(spec, "taints");
    const key = "node.kubernetes.io/not-ready";
    if (taints.some((taint) => taint["key"] === key && taint["effect"] === "NoSchedule")) return;
    spec["taints"] = [...taints, { key, effect: "NoSchedule" }];
  },
};

/** Claims without a class get the default one. */
export const defaultStorageClassPlugin: AdmissionPlugin = {
  name: "DefaultStorageClass",
  admit(request): void {
    const claim = request.object;
    if (claim === undefined || !isWrite(request, "", "PersistentVolumeClaim", "CREATE")) return;
    if (at(claim, "spec", "storageClassName") !== undefined) return;
    if (claim.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] !== undefined) return;
    const found = newestDefault(
      request,
      "storage.k8s.io/v1",
      "StorageClass",
      "storageclass.kubernetes.io/is-default-class",
    );
    if (found !== undefined) ensureFields(claim, "spec")["storageClassName"] = found.metadata.name;
  },
};

/** Ingresses without a class get the default one. */
export const defaultIngressClassPlugin: AdmissionPlugin = {
  name: "DefaultIngressClass",
  admit(request): void {
    const ingress = request.object;
    if (ingress === undefined || !isWrite(request, "networking.k8s.io", "Ingress", "CREATE")) return;
    if (at(ingress, "spec", "ingressClassName") !== undefined) return;
    if (ingress.metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined) return;
    const found = newestDefault(
      request,
      "networking.k8s.io/v1",
      "IngressClass",
      "ingressclass.kubernetes.io/is-default-class",
    );
    if (found !== undefined) ensureFields(ingress, "spec")["ingressClassName"] = found.metadata.name;
  },
};

function newestDefault(
  request: AdmissionRequest,
  apiVersion: string,
  kind: string,
  annotation: string,
): ApiObject | undefined {
  const defaults = request.context
    .list(apiVersion, kind, undefined)
    .filter((item) => item.metadata.annotations?.[annotation] === "true");
  const age = (item: ApiObject) => textAt(item, "metadata", "creationTimestamp");
  return defaults.sort((a, b) =>
    age(a) === age(b) ? (a.metadata.name < b.metadata.name ? -1 : 1) : age(a) < age(b) ? 1 : -1,
  )[0];
}

/** By group and kind. */
const PROTECTION: Readonly<Record<string, string>> = {
  "/PersistentVolume": "kubernetes.io/pv-protection",
  "/PersistentVolumeClaim": "kubernetes.io/pvc-protection",
  "storage.k8s.io/VolumeAttributesClass": "kubernetes.io/vac-protection",
};

/** Volumes and claims stay while they are in use. */
export const storageProtectionPlugin: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  admit(request): void {
    const { object, resource, operation, subresource } = request;
    const finalizer = PROTECTION[`${resource.group}/${resource.kind}`];
    if (object === undefined || finalizer === undefined || operation !== "CREATE" || subresource !== "") return;
    const finalizers = object.metadata.finalizers ?? [];
    if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer];
  },
};

/** Only bound claims grow, and only where their class allows it. */
export const claimResizePlugin: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  validate(request): void {
    const { object, oldObject, context } = request;
    if (object === undefined || oldObject === undefined || !isWrite(request, "", "PersistentVolumeClaim", "UPDATE"))
      return;
    const size = quantityOf(fieldsAt(object, "spec", "resources", "requests")?.["storage"]);
    const before = quantityOf(fieldsAt(oldObject, "spec", "resources", "requests")?.["storage"]);
    if (size === undefined || before === undefined || size.compare(before) <= 0) return;
    if (textAt(oldObject, "status", "phase") !== "Bound")
      throw refusal(request, "Only bound persistent volume claims can be expanded");
    const name = textAt(object, "spec", "storageClassName");
    const found = name === "" ? undefined : context.find("storage.k8s.io/v1", "StorageClass", undefined, name);
    if (!isTrueAt(found, "allowVolumeExpansion")) {
      throw refusal(
        request,
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
      );
    }
  },
};
