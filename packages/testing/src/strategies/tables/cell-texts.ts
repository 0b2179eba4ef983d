/**
 * Texts that several kinds' cells are made of: lists cut short, selectors, containers.
 */

import { type Fields, fieldsAt, itemsAt, textAt } from "../json-access.ts";
import { readSelector } from "../validation/metadata-validation.ts";

/** The first `most` of a list, and how many more there are. */
export function shortList(texts: readonly string[], most: number, none: string, total: number = texts.length): string {
  if (texts.length === 0) return none;
  const shown = texts.slice(0, most).join(",");
  return total > most ? `${shown} + ${total - most} more...` : shown;
}

/** Labels as `a=b,c=d`, `<none>` without any. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const keys = Object.keys(labels).sort();
  return keys.length === 0 ? "<none>" : keys.map((key) => `${key}=${labels[key]}`).join(",");
}

/** A label selector in its query form. */
export function selectorText(selector: Fields | undefined, none = "<none>"): string {
  if (selector === undefined) return none;
  const parsed = readSelector(selector);
  if (parsed === undefined) return "<error>";
  return parsed.isEmpty ? none : parsed.toString();
}

/** Names and images of a pod spec's containers: two cells. */
export function containerCells(podSpec: Fields | undefined): [string, string] {
  const containers = itemsAt(podSpec, "containers");
  return [containers.map((c) => textAt(c, "name")).join(","), containers.map((c) => textAt(c, "image")).join(",")];
}

/** Addresses of a load balancer's status, cut to 16 characters unless `isWide`. */
export function loadBalancerText(status: Fields | undefined, isWide: boolean): string {
  const addresses = itemsAt(status, "loadBalancer", "ingress").map((i) => textAt(i, "ip") || textAt(i, "hostname"));
  const text = [...new Set(addresses.filter((address) => address !== ""))].sort().join(",");
  return !isWide && text.length > 16 ? `${text.slice(0, 13)}...` : text;
}

const ACCESS_MODES = { ReadWriteOnce: "RWO", ReadOnlyMany: "ROX", ReadWriteMany: "RWX", ReadWriteOncePod: "RWOP" };

export function accessModesText(modes: readonly string[]): string {
  return Object.entries(ACCESS_MODES)
    .filter(([mode]) => modes.includes(mode))
    .map(([, text]) => text)
    .join(",");
}

/** An int-or-string as text, `none` where it is absent. */
export function intOrStringText(value: unknown, none: string): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : none;
}

/** The quantity at a resource's name, `0` where it is absent. */
export function quantityText(holder: unknown, ...path: string[]): string {
  const name = path.pop() ?? "";
  const value = fieldsAt(holder, ...path)?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "0";
}
