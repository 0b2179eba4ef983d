/**
 * Defaults of volumes: of a Pod's `volumes` and of a PersistentVolume's source, which share most members.
 */
import { type Fields, fieldsAt, fieldsOf, fillAbsent, fillEmpty, itemsAt, textAt } from "../json-access.ts";
import { imageTag } from "./pod-defaults.ts";

/** Defaults per source: plain values where the field is not a pointer (`empty`), else `absent`. */
const SOURCE_DEFAULTS: Readonly<Record<string, { empty?: Fields; absent?: Fields }>> = {
  secret: { absent: { defaultMode: 0o644 } },
  configMap: { absent: { defaultMode: 0o644 } },
  downwardAPI: { absent: { defaultMode: 0o644 } },
  projected: { absent: { defaultMode: 0o644 } },
  hostPath: { absent: { type: "" } },
  iscsi: { empty: { iscsiInterface: "default" } },
  rbd: { empty: { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" } },
  azureDisk: { absent: { cachingMode: "ReadWrite", fsType: "ext4", readOnly: false, kind: "Shared" } },
  scaleIO: { empty: { storageMode: "ThinProvisioned", fsType: "xfs" } },
};

/** Fills the sources that are present in a volume (or in a PersistentVolume's spec). */
export function defaultVolumeSources(holder: Fields): void {
  for (const [source, rules] of Object.entries(SOURCE_DEFAULTS)) {
    const fields = fieldsOf(holder[source]);
    for (const [name, value] of Object.entries(rules.empty ?? {})) fillEmpty(fields, name, value);
    for (const [name, value] of Object.entries(rules.absent ?? {})) fillAbsent(fields, name, value);
  }
}

export function defaultVolume(volume: Fields): void {
  const sources = Object.keys(volume).filter((name) => name !== "name" && fieldsOf(volume[name]) !== undefined);
  if (sources.length === 0) volume["emptyDir"] = {};
  defaultVolumeSources(volume);
  for (const item of itemsAt(volume, "downwardAPI", "items")) fillEmpty(fieldsAt(item, "fieldRef"), "apiVersion", "v1");
  for (const source of itemsAt(volume, "projected", "sources")) {
    fillAbsent(fieldsAt(source, "serviceAccountToken"), "expirationSeconds", 3600);
    for (const item of itemsAt(source, "downwardAPI", "items"))
      fillEmpty(fieldsAt(item, "fieldRef"), "apiVersion", "v1");
  }
  fillAbsent(fieldsAt(volume, "ephemeral", "volumeClaimTemplate", "spec"), "volumeMode", "Filesystem");
  const image = fieldsAt(volume, "image");
  if (image !== undefined) {
    fillEmpty(image, "pullPolicy", imageTag(textAt(image, "reference")) === "latest" ? "Always" : "IfNotPresent");
  }
}
