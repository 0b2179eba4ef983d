/** The pure parts that the library and the test server share. No I/O, no timers. */

// Errors
export {
  ApiError,
  type ApiErrorInit,
  type ApplyConflict,
  apiErrorFromAnswer,
  type FailedAnswer,
  parseRetryAfter,
} from "./api-error.ts";
export {
  type InvalidError,
  isAlreadyExists,
  isApiError,
  isBadRequest,
  isConflict,
  isExpired,
  isForbidden,
  isInternalError,
  isInvalid,
  isMethodNotSupported,
  isNotAcceptable,
  isNotFound,
  isRequestEntityTooLarge,
  isServerTimeout,
  isServiceUnavailable,
  isTimeout,
  isTooManyRequests,
  isUnauthorized,
  isUnsupportedMediaType,
} from "./api-error-predicates.ts";
export { type ApiTarget, describeApiTarget } from "./api-target.ts";
// Objects and kinds
export {
  findCondition,
  type HasConditions,
  isConditionTrue,
  type NewCondition,
  removeCondition,
  setCondition,
} from "./conditions.ts";
// Numbers and times
export {
  formatGepDuration,
  formatGoDuration,
  parseGepDurationMs,
  parseGoDuration,
  parseGoDurationMs,
} from "./duration.ts";
// Rules of names and values
export {
  validateCIdentifier,
  validateConfigMapKey,
  validateEnvVarName,
  validateHttpHeaderName,
  validateHttpPath,
  validateInRange,
  validatePercent,
  validatePortName,
  validatePortNumber,
  validateRelaxedEnvVarName,
} from "./field-formats.ts";

// Selectors
export {
  escapeFieldValue,
  type FieldRequirement,
  type FieldSelectorInput,
  formatFieldSelector,
  ParsedFieldSelector,
  parseFieldSelector,
} from "./field-selector.ts";
// Text as Go has it
export { compareUtf8, goQuote, utf8Length } from "./go-text.ts";
export {
  compareKubeVersions,
  formatApiVersion,
  type GroupVersion,
  type GroupVersionKind,
  groupVersionKind,
  parseApiVersion,
} from "./group-version-kind.ts";
// JSON and patches
export { JsonPath, JsonPathError, type JsonPathOptions } from "./json-path.ts";
export {
  escapeJsonPointer,
  formatJsonPointer,
  parseJsonPointer,
  resolveJsonPointer,
  unescapeJsonPointer,
} from "./json-pointer.ts";
export { isJsonObject, type JsonObject, jsonEqual, ownField } from "./json-value.ts";
export { KubeError, type KubeErrorOptions } from "./kube-error.ts";
export { type LabelOperator, type LabelRequirement, type Labels, meetsLabelRequirement } from "./label-requirement.ts";
export {
  formatLabelSelector,
  type LabelSelectorExpression,
  type LabelSelectorInput,
  type LabelSelectorObject,
  ParsedLabelSelector,
  parseLabelSelector,
  toLabelSelectorObject,
} from "./label-selector.ts";
export { labelMaxLength, validateLabelKey, validateLabelValue } from "./label-value.ts";
export {
  dnsLabelMaxLength,
  dnsSubdomainMaxLength,
  patternError,
  tooLong,
  type ValidateName,
  type ValidateText,
  validateDns1035Label,
  validateDns1123Label,
  validateDns1123Subdomain,
  validateDns1123SubdomainWithUnderscore,
  validateNameIsDns1035Label,
  validateNameIsDns1123Label,
  validateNameIsDns1123Subdomain,
  validatePathSegmentName,
  validateWildcardDns1123Subdomain,
} from "./names.ts";
export { formatObjectKey, isKind, type ObjectKey, objectKey, parseObjectKey } from "./object-key.ts";
export {
  controllerOf,
  type HasOwners,
  isOwnedBy,
  type Owner,
  type OwnerReferenceOptions,
  ownerReference,
} from "./owner-reference.ts";
export { type ParsedForm, ParseError } from "./parse-error.ts";
export {
  applyMergePatch,
  createMergePatch,
  type JsonPatchOp,
  type PatchType,
  patchContentTypes,
  patchTypeOf,
} from "./patch.ts";
export { Quantity, type QuantityFormat, type QuantityInput } from "./quantity.ts";
export { isStatus, reasonOfHttpStatus, type StatusReason, statusCauses } from "./status.ts";
export { canonicalMicroTime, canonicalTime, formatMicroTime, formatTime, parseTimeMs } from "./timestamp.ts";
