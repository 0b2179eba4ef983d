/**
 * The base of every error that Bowline throws on purpose.
 */
const brand: unique symbol = Symbol.for("bowline.KubeError") as never;

/** What a {@link KubeError} is made with besides its code and message. */
export interface KubeErrorOptions extends ErrorOptions {
  /** Whether the same call may succeed later. Default false. */
  readonly retryable?: boolean | undefined;
}

/**
 * Base of all errors that this library throws on purpose. `instanceof` holds across copies of the package.
 *
 * The message says what failed, on what, and what to do next, and never holds a secret.
 */
export class KubeError extends Error {
  /** A stable name to branch on: a Status reason (`NotFound`), or one of this library's own (`PluginFailed`). */
  readonly code: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: string, message: string, options: KubeErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.name = new.target.name;
    // The value tells this copy of the package from others. Not enumerable: it is no fact of the error.
    Object.defineProperty(this, brand, { value: KubeError });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== "object" || value === null || !(brand in value)) return false;
    // Within one copy classes are compared, so that names that a bundler has shortened do no harm.
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass on the right of instanceof.
    return value[brand] === KubeError ? isPrototypeInChain(this.prototype, value) : isNamedInChain(value, this.name);
  }
}

function isPrototypeInChain(prototype: object, value: object): boolean {
  return Object.prototype.isPrototypeOf.call(prototype, value);
}

/** Compares by class name along the prototype chain, since another copy of the package has other class objects. */
function isNamedInChain(value: object, name: string): boolean {
  let prototype: unknown = Object.getPrototypeOf(value);
  while (typeof prototype === "object" && prototype !== null) {
    if ((prototype as { constructor?: { name?: string } }).constructor?.name === name) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}
