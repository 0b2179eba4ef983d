/**
 * CEL as Kubernetes has it.
 */
export { typeName } from "./cel-errors.ts";
export { isKnownFunction, kubernetesEnvironment, toRegExp } from "./cel-library.ts";
export { type CelProgram, type Compilation, compile, type Evaluation } from "./cel-program.ts";
export { type CelType, declareType, toDynamic } from "./cel-types.ts";
