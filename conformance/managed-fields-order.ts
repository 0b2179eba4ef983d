/**
 * managedFields are ordered by time, in whole seconds, before they are ordered by name: two writes that fall into one second or two show
 * them differently. What compares two servers' answers puts them into an order of its own.
 */

/** The same value, with each list of managedFields sorted by its text. */
export function withOrderedManagedFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOrderedManagedFields);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const ordered = withOrderedManagedFields(item);
    return [key, key === "managedFields" && Array.isArray(ordered) ? sortedByText(ordered) : ordered];
  });
  return Object.fromEntries(entries);
}

/** Sorted by how the items are written in JSON. */
export function sortedByText(items: readonly unknown[]): unknown[] {
  return items
    .map((item) => JSON.stringify(item))
    .sort()
    .map((text): unknown => JSON.parse(text));
}
