/**
 * CEL as Kubernetes has it.
 */
export { typeName } from "./cel-errors.ts";
export { kubernetesEnvironment } from "./cel-library.ts";
export { type CelProgram, type Compilation, compile } from "./cel-program.ts";
export { type CelType, declareType, toDynamic } from "./cel-types.ts";
