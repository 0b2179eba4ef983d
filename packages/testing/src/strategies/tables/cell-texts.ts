/**
 * Texts that several kinds' cells are made of: lists cut short, selectors, containers.
 */
import { type Fields, fieldsAt, itemsAt, stringMapAt, textAt, textsAt } from "../json-access.ts";

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
  const requirements: { key: string; text: string }[] = [];
  for (const [key, value] of Object.entries(stringMapAt(selector, "matchLabels")))
    requirements.push({ key, text: `${key}=${value}` });
  for (const expression of itemsAt(selector, "matchExpressions")) {
    const key = textAt(expression, "key");
    const values = textsAt(expression, "values").sort().join(",");
    const operator = textAt(expression, "operator");
    if (operator === "In") requirements.push({ key, text: `${key} in (${values})` });
    else if (operator === "NotIn") requirements.push({ key, text: `${key} notin (${values})` });
    else if (operator === "Exists") requirements.push({ key, text: key });
    else if (operator === "DoesNotExist") requirements.push({ key, text: `!${key}` });
    else return "<error>";
  }
  requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return requirements.length === 0 ? none : requirements.map(({ text }) => text).join(",");
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
