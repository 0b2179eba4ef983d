/**
 * The order in which the keys of a map were sent. What is stored and printed has them sorted, as Go prints maps; checks go through a
 * map as it stands in memory, which for small maps is mostly the order of the request.
 */

const ORDER = new WeakMap<object, readonly string[]>();

export function noteOrder(map: object, keys: readonly string[]): void {
  ORDER.set(map, keys);
}

/** Takes the order of one map over to another that is made of it. */
export function keepOrder(from: unknown, to: object): void {
  const keys = typeof from === "object" && from !== null ? ORDER.get(from) : undefined;
  if (keys !== undefined) ORDER.set(to, keys);
}

/** The keys of a map in the order of the request, sorted where that is not known. */
export function keysInOrder(map: object | undefined): string[] {
  if (map === undefined) return [];
  const known = ORDER.get(map) ?? [];
  const others = Object.keys(map).filter((key) => !known.includes(key));
  return [...known.filter((key) => Object.hasOwn(map, key)), ...others.sort()];
}
