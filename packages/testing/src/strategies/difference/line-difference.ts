/**
 * The difference of two texts by lines, in the unified form with three lines of context: the longest common run first, then the
 * same on both sides of it. The way of Ratcliff and Obershelp, as difflib does it, since its result shows in answers.
 * @see https://docs.python.org/3/library/difflib.html
 */

const CONTEXT = 3;
/** From so many lines on, lines that come up all the time no longer anchor a run. */
const POPULARITY_FROM = 200;

interface Run {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

interface Change {
  readonly isEqual: boolean;
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}

/** `""` for equal texts; else hunks that begin with `@@ -1,7 +1,6 @@`. Each line ends with a line feed. */
export function lineDifference(before: string, after: string): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  return hunksOf(changesOf(a, b))
    .map((hunk) => {
      const [first, last] = [hunk[0], hunk.at(-1)];
      if (first === undefined || last === undefined) return "";
      const header = `@@ -${rangeText(first.a[0], last.a[1])} +${rangeText(first.b[0], last.b[1])} @@\n`;
      return header + hunk.map((change) => changeText(change, a, b)).join("");
    })
    .join("");
}

function changeText({ isEqual, a: [a1, a2], b: [b1, b2] }: Change, a: readonly string[], b: readonly string[]): string {
  const lines = (mark: string, list: readonly string[]) => list.map((line) => `${mark}${line}\n`).join("");
  return isEqual ? lines(" ", a.slice(a1, a2)) : lines("-", a.slice(a1, a2)) + lines("+", b.slice(b1, b2));
}

function rangeText(start: number, stop: number): string {
  const length = stop - start;
  if (length === 1) return String(start + 1);
  return `${length === 0 ? start : start + 1},${length}`;
}

function changesOf(a: readonly string[], b: readonly string[]): Change[] {
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  for (const run of [...runsOf(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < run.a || j < run.b) changes.push({ isEqual: false, a: [i, run.a], b: [j, run.b] });
    [i, j] = [run.a + run.size, run.b + run.size];
    if (run.size > 0) changes.push({ isEqual: true, a: [run.a, i], b: [run.b, j] });
  }
  return changes;
}

/** Common runs in order, neighbours joined. */
function runsOf(a: readonly string[], b: readonly string[]): Run[] {
  const places = placesOf(b);
  const found: Run[] = [];
  const queue: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [a1, a2, b1, b2] = next;
    const run = longestRun(a, b, places, next);
    if (run.size === 0) continue;
    found.push(run);
    if (a1 < run.a && b1 < run.b) queue.push([a1, run.a, b1, run.b]);
    if (run.a + run.size < a2 && run.b + run.size < b2) queue.push([run.a + run.size, a2, run.b + run.size, b2]);
  }
  const joined: Run[] = [];
  for (const run of found.sort((x, y) => x.a - y.a || x.b - y.b)) {
    const last = joined.at(-1);
    if (last !== undefined && last.a + last.size === run.a && last.b + last.size === run.b) {
      joined[joined.length - 1] = { ...last, size: last.size + run.size };
    } else joined.push(run);
  }
  return joined;
}

function placesOf(b: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of b.entries()) {
    const known = places.get(line);
    if (known === undefined) places.set(line, [index]);
    else known.push(index);
  }
  if (b.length < POPULARITY_FROM) return places;
  const most = Math.floor(b.length / 100) + 1;
  for (const [line, found] of places) if (found.length > most) places.delete(line);
  return places;
}

function longestRun(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  [a1, a2, b1, b2]: readonly [number, number, number, number],
): Run {
  let [bestA, bestB, size] = [a1, b1, 0];
  let lengths = new Map<number, number>();
  for (let i = a1; i < a2; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? "") ?? []) {
      if (j < b1) continue;
      if (j >= b2) break;
      const length = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, length);
      if (length > size) [bestA, bestB, size] = [i - length + 1, j - length + 1, length];
    }
    lengths = next;
  }
  // Popular lines anchor nothing but belong to a run that others anchored.
  while (bestA > a1 && bestB > b1 && a[bestA - 1] === b[bestB - 1])
    [bestA, bestB, size] = [bestA - 1, bestB - 1, size + 1];
  while (bestA + size < a2 && bestB + size < b2 && a[bestA + size] === b[bestB + size]) size++;
  return { a: bestA, b: bestB, size };
}

/** Changes with their context; those that are near each other share a hunk. */
function hunksOf(changes: readonly Change[]): Change[][] {
  const hunks: Change[][] = [];
  let hunk: Change[] = [];
  for (const [index, change] of changes.entries()) {
    const { isEqual, a, b } = change;
    const length = a[1] - a[0];
    if (!isEqual) {
      hunk.push(change);
      continue;
    }
    const isLast = index === changes.length - 1;
    const head = index === 0 ? 0 : Math.min(CONTEXT, length);
    const tail = isLast ? 0 : Math.min(CONTEXT, length);
    if (index !== 0 && !isLast && length <= 2 * CONTEXT) {
      hunk.push(change);
      continue;
    }
    if (head > 0) hunk.push({ isEqual, a: [a[0], a[0] + head], b: [b[0], b[0] + head] });
    if (hunk.some((part) => !part.isEqual)) hunks.push(hunk);
    hunk = tail > 0 ? [{ isEqual, a: [a[1] - tail, a[1]], b: [b[1] - tail, b[1]] }] : [];
  }
  if (hunk.some((part) => !part.isEqual)) hunks.push(hunk);
  return hunks;
}
