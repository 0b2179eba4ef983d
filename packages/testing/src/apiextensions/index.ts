/**
 * CustomResourceDefinitions, and the resources that they define.
 */
export { customDefinitions, customDocument, type OpenApiNode } from "./custom-openapi.ts";
export { CustomResources } from "./custom-resources.ts";
export { stepsOf } from "./scale-paths.ts";
