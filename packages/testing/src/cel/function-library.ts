/**
 * Functions by name, each with its overloads, declared by signatures: `<string>.startsWith(string): bool`.
 */
import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  parameter,
  STRING,
  TIMESTAMP,
  typeOf,
  UINT,
} from "./type.ts";
import { CelError, type CelValue } from "./value.ts";

/** One way to call a function. */
export interface Overload {
  /** cel-go's name for it, by which costs are known. */
  readonly id: string;
  readonly isMember: boolean;
  /** Of a member, the first is the target's. */
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  run(...args: readonly CelValue[]): CelValue;
}

// biome-ignore lint/suspicious/noExplicitAny: what an overload takes is checked against its signature before it runs.
type Run = (...args: any[]) => CelValue;

const SIMPLE: Readonly<Record<string, CelType>> = {
  bool: BOOL,
  int: INT,
  uint: UINT,
  double: DOUBLE,
  string: STRING,
  bytes: BYTES,
  null: NULL,
  dyn: DYN,
  timestamp: TIMESTAMP,
  duration: DURATION,
  type: typeOf(),
};

/** A set of functions. */
export class FunctionLibrary {
  readonly #functions: Map<string, Overload[]>;

  constructor(base?: FunctionLibrary) {
    this.#functions = new Map([...(base?.entries() ?? [])].map(([name, overloads]) => [name, [...overloads]]));
  }

  /** The overloads of a function; undefined for a name that is none. */
  overloads(name: string): readonly Overload[] | undefined {
    return this.#functions.get(name);
  }

  entries(): Iterable<readonly [string, readonly Overload[]]> {
    return this.#functions;
  }

  /** Declares an overload. A signature that begins with a type in angle brackets is a member's. */
  declare(id: string, signature: string, run: Run): this {
    const call = splitSignature(signature);
    if (call === undefined) throw new TypeError(`no signature: ${signature}`);
    const { target, name, parameters, result } = call;
    const overloads = this.#functions.get(name) ?? [];
    overloads.push({
      id,
      isMember: target !== undefined,
      parameters: [...(target === undefined ? [] : [target]), ...parameters].map(parseType),
      result: parseType(result),
      run,
    });
    this.#functions.set(name, overloads);
    return this;
  }
}

interface SignatureParts {
  readonly target: string | undefined;
  readonly name: string;
  readonly parameters: readonly string[];
  readonly result: string;
}

/** `target.name(a, b): result`, where a target is in angle brackets: `<list(A)>.name`, and a name may have dots. */
function splitSignature(signature: string): SignatureParts | undefined {
  const colon = signature.lastIndexOf("): ");
  const result = signature.slice(colon + 3);
  const head = signature.slice(0, colon);
  const member = /^<(.+?)>\.([@\w]+)\((.*)$/.exec(head);
  if (member !== null) {
    const [, target, name = "", parameters = ""] = member;
    return { target, name, parameters: splitTypes(parameters), result };
  }
  const open = head.indexOf("(");
  if (open < 0) return undefined;
  return { target: undefined, name: head.slice(0, open), parameters: splitTypes(head.slice(open + 1)), result };
}

function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === "" ? parts : [...parts, last];
}

function parseType(text: string): CelType {
  const simple = SIMPLE[text];
  if (simple !== undefined) return simple;
  if (/^[A-Z]$/.test(text)) return parameter(text);
  const generic = /^(\w+)\((.*)\)$/.exec(text);
  if (generic === null) return opaqueOrStruct(text);
  const inner = splitTypes(generic[2] ?? "").map(parseType);
  const [first = DYN, second = DYN] = inner;
  switch (generic[1]) {
    case "list":
      return listOf(first);
    case "map":
      return mapOf(first, second);
    case "optional":
      return optionalOf(first);
    case "type":
      return typeOf(first);
    default:
      throw new TypeError(`no type: ${text}`);
  }
}

/** Kubernetes declares addresses as opaque types and all others as objects without fields, which shows in costs. */
function opaqueOrStruct(name: string): CelType {
  if (!name.includes(".")) throw new TypeError(`no type: ${name}`);
  return name.startsWith("net.") ? opaque(name) : { kind: "struct", name, parameters: [], fields: new Map() };
}

/** Ends an evaluation. */
export function fail(message: string): never {
  throw new CelError(message);
}
