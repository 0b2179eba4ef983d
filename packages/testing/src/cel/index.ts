/**
 * CEL as Kubernetes has it.
 */
export { type CelProgram, type Compilation, Environment, type Evaluation } from "./environment.ts";
export { FunctionLibrary } from "./function-library.ts";
export { authorizerType, authorizerValue, requestResourceValue } from "./functions/authorizer.ts";
export { durationText, timestampText } from "./functions/conversions.ts";
export {
  isIdentifier,
  mostOccurrences,
  objectOf,
  type SchemaType,
  schemaType,
  sizeAt,
  toDynamic,
} from "./schema-type.ts";
export { standardLibrary } from "./standard-library.ts";
export {
  BOOL,
  type CelType,
  DYN,
  formatType,
  isSameType,
  listOf,
  NULL,
  optionalOf,
  STRING,
  struct,
} from "./type.ts";
export {
  CelDuration,
  CelError,
  CelObject,
  CelOptional,
  CelTimestamp,
  type CelValue,
} from "./value.ts";
