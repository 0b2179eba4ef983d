/**
 * One cause of an `Invalid` answer, worded as apimachinery's `field.Error`.
 */
export type FieldErrorType =
  | "FieldValueRequired"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueDuplicate"
  | "FieldValueNotFound"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "InternalError";

export interface FieldError {
  readonly type: FieldErrorType;
  /** A path such as `spec.containers[0].name`. */
  readonly field: string;
  /** The whole text after the path, as the Status cause's `message` has it: `Required value: must be set`. */
  readonly message: string;
}
