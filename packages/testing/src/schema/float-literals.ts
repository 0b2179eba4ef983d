/**
 * Numbers such as `2.0` and `1e3`: whole, but spelled as floats. JavaScript does not tell them from integers; the server does, in
 * custom resources, until they have been stored. So they are noted beside the object or list that holds them.
 */
const noted = new WeakMap<object, Set<string | number>>();

/** Notes that the number at `key` was spelled as a float. */
export function noteFloat(container: object, key: string | number): void {
  const keys = noted.get(container);
  if (keys === undefined) noted.set(container, new Set([key]));
  else keys.add(key);
}

/** Whether the number at `key` was spelled as a float. */
export function isFloatLiteral(container: object, key: string | number): boolean {
  return noted.get(container)?.has(key) ?? false;
}

/** Whether a number's spelling is that of a float with a whole value. */
export function isFloatSpelling(text: string): boolean {
  return /[.eE]/.test(text) && Number.isInteger(Number(text));
}
