/**
 * The order of a list after a strategic merge: elements of the patch in the patch's order, elements that only the server has in
 * the server's, woven together by the server's order.
 */

/** Orders `merged`. `identify` gives what tells elements apart: the merge key's value, or the element itself. */
export function mergedOrder<T, K>(
  merged: readonly T[],
  patchOrder: readonly T[],
  serverOrder: readonly T[],
  identify: (item: T) => K,
): T[] {
  const inPatch = patchOrder.map(identify);
  const inServer = serverOrder.map(identify);
  const fromPatch = sortBy(
    merged.filter((item) => inPatch.includes(identify(item))),
    inPatch,
    identify,
  );
  const serverOnly = sortBy(
    merged.filter((item) => !inPatch.includes(identify(item))),
    inServer,
    identify,
  );
  const woven: T[] = [];
  let left = 0;
  let right = 0;
  while (left < serverOnly.length && right < fromPatch.length) {
    const own = serverOnly[left] as T;
    const patched = fromPatch[right] as T;
    const ownAt = inServer.indexOf(identify(own));
    const patchedAt = inServer.indexOf(identify(patched));
    if (ownAt >= 0 && patchedAt >= 0 && ownAt < patchedAt) {
      woven.push(own);
      left += 1;
    } else {
      woven.push(patched);
      right += 1;
    }
  }
  return [...woven, ...serverOnly.slice(left), ...fromPatch.slice(right)];
}

/**
 * An insertion sort, because the server's comparison is no order: what is not in `order` counts as before everything, so the
 * algorithm shows in the result.
 */
function sortBy<T, K>(items: readonly T[], order: readonly K[], identify: (item: T) => K): T[] {
  const sorted = [...items];
  for (let i = 1; i < sorted.length; i += 1) {
    for (let j = i; j > 0; j -= 1) {
      const before = order.indexOf(identify(sorted[j] as T));
      const after = order.indexOf(identify(sorted[j - 1] as T));
      if (before >= 0 && after >= 0 && before >= after) break;
      [sorted[j], sorted[j - 1]] = [sorted[j - 1] as T, sorted[j] as T];
    }
  }
  return sorted;
}
