/**
 * The types of CEL, how they are printed, and which values may stand for which.
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#values
 */

/** What sort of type. `opaque` types are known by name and parameters, `struct` types have fields. */
export type TypeKind =
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "null"
  | "dyn"
  | "error"
  | "timestamp"
  | "duration"
  | "list"
  | "map"
  | "opaque"
  | "struct"
  | "parameter"
  | "type";

/** A type. */
export interface CelType {
  readonly kind: TypeKind;
  /** Of an opaque type, a struct or a type parameter; otherwise the kind's. */
  readonly name: string;
  readonly parameters: readonly CelType[];
  /** Of a struct: the types of its fields. */
  readonly fields?: ReadonlyMap<string, CelType> | undefined;
}

function simple(kind: TypeKind, name: string = kind): CelType {
  return { kind, name, parameters: [] };
}

export const BOOL: CelType = simple("bool");
export const INT: CelType = simple("int");
export const UINT: CelType = simple("uint");
export const DOUBLE: CelType = simple("double");
export const STRING: CelType = simple("string");
export const BYTES: CelType = simple("bytes");
export const NULL: CelType = simple("null", "null_type");
export const DYN: CelType = simple("dyn");
export const ERROR: CelType = simple("error");
export const TIMESTAMP: CelType = simple("timestamp", "google.protobuf.Timestamp");
export const DURATION: CelType = simple("duration", "google.protobuf.Duration");

export function listOf(item: CelType): CelType {
  return { kind: "list", name: "list", parameters: [item] };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: "map", name: "map", parameters: [key, value] };
}

export function opaque(name: string, ...parameters: readonly CelType[]): CelType {
  return { kind: "opaque", name, parameters };
}

export function optionalOf(value: CelType): CelType {
  return opaque("optional_type", value);
}

export function typeOf(type?: CelType): CelType {
  return { kind: "type", name: "type", parameters: type === undefined ? [] : [type] };
}

export function struct(name: string, fields: ReadonlyMap<string, CelType> = new Map()): CelType {
  return { kind: "struct", name, parameters: [], fields };
}

export function parameter(name: string): CelType {
  return simple("parameter", name);
}

/** The type inside an optional; undefined for any other. */
export function insideOptional(type: CelType): CelType | undefined {
  return type.kind === "opaque" && type.name === "optional_type" ? type.parameters[0] : undefined;
}

/** A parameter of a list or map; `dyn` where there is none. */
export function parameterOf(type: CelType, index: number): CelType {
  return type.parameters[index] ?? DYN;
}

/** A type as messages show it. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case "null":
      return "null";
    case "timestamp":
    case "duration":
    case "dyn":
      return type.kind;
    case "error":
      return "!error!";
    default:
      return type.parameters.length === 0 ? type.name : `${type.name}(${type.parameters.map(formatType).join(", ")})`;
  }
}

/** Whether two types are the same. */
export function isSameType(a: CelType, b: CelType): boolean {
  return (
    a === b ||
    (a.kind === b.kind &&
      a.name === b.name &&
      a.parameters.length === b.parameters.length &&
      a.parameters.every((item, index) => isSameType(item, parameterOf(b, index))))
  );
}

/** What type parameters stand for, found while a call is checked. */
export class TypeMapping {
  #substitutes: Map<string, CelType> = new Map();

  /** Whether a value of the second type may stand where the first is wanted. Nothing is learnt from a failure. */
  isAssignable(wanted: CelType, given: CelType): boolean {
    return this.areAssignable([wanted], [given]);
  }

  /** As `isAssignable`, for the arguments of a call. */
  areAssignable(wanted: readonly CelType[], given: readonly CelType[]): boolean {
    const before = new Map(this.#substitutes);
    if (this.#listsMatch(wanted, given)) return true;
    this.#substitutes = before;
    return false;
  }

  /** A type with its parameters replaced by what they stand for; what stands for nothing stays, or becomes `dyn`. */
  substitute(type: CelType, toDyn: boolean): CelType {
    if (type.kind === "parameter") {
      const found = this.#substitutes.get(type.name);
      if (found !== undefined) return this.substitute(found, toDyn);
      return toDyn ? DYN : type;
    }
    if (type.parameters.length === 0 || type.kind === "struct") return type;
    return { ...type, parameters: type.parameters.map((item) => this.substitute(item, toDyn)) };
  }

  #listsMatch(first: readonly CelType[], second: readonly CelType[]): boolean {
    return (
      first.length === second.length && first.every((type, index) => this.#match(type, parameterOrError(second, index)))
    );
  }

  #match(first: CelType, second: CelType): boolean {
    if (second.kind === "parameter") {
      const [isValid, wasKnown] = this.#replace(first, second);
      if (isValid) return true;
      if (wasKnown) return false;
    }
    if (first.kind === "parameter") return this.#replace(second, first)[0];
    if (isAny(first) || isAny(second)) return true;
    if (first.kind === "null") return isNullable(second);
    if (second.kind === "null") return isNullable(first);
    switch (first.kind) {
      case "type":
        return second.kind === "type";
      case "opaque":
      case "list":
      case "map":
        return (
          first.kind === second.kind &&
          first.name === second.name &&
          this.#listsMatch(first.parameters, second.parameters)
        );
      default:
        return first.kind === second.kind && first.name === second.name;
    }
  }

  /** Lets a parameter stand for a type. Whether it can, and whether it stood for something before. */
  #replace(type: CelType, wanted: CelType): readonly [isValid: boolean, wasKnown: boolean] {
    if (type.kind === "parameter" && type.name === wanted.name) return [true, true];
    const known = this.#substitutes.get(wanted.name);
    if (known !== undefined) {
      if (isSameType(type, known)) return [true, true];
      if (!this.#match(type, known)) return [false, true];
      const general = mostGeneral(type, known);
      if (this.#isFree(wanted, general)) this.#substitutes.set(wanted.name, general);
      return [true, true];
    }
    if (!this.#isFree(wanted, type)) return [false, false];
    this.#substitutes.set(wanted.name, type);
    return [true, false];
  }

  /** Whether a type does not mention a parameter. */
  #isFree(wanted: CelType, type: CelType): boolean {
    if (type.kind === "parameter") {
      if (type.name === wanted.name) return false;
      const known = this.#substitutes.get(type.name);
      return known === undefined || this.#isFree(wanted, known);
    }
    return type.parameters.every((item) => this.#isFree(wanted, item));
  }
}

/** The less specific of two types that fit. */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return isLessSpecific(a, b) ? a : b;
}

function isLessSpecific(a: CelType, b: CelType): boolean {
  if (a.kind === "dyn" || a.kind === "parameter") return true;
  if (b.kind === "dyn" || b.kind === "parameter" || a.kind !== b.kind) return false;
  if (a.kind === "type") return true;
  return a.name === b.name && a.parameters.every((item, index) => isLessSpecific(item, parameterOf(b, index)));
}

function isAny(type: CelType): boolean {
  return type.kind === "dyn" || type.kind === "error";
}

function isNullable(type: CelType): boolean {
  return ["null", "opaque", "struct", "timestamp", "duration", "dyn"].includes(type.kind);
}

function parameterOrError(list: readonly CelType[], index: number): CelType {
  return list[index] ?? ERROR;
}
