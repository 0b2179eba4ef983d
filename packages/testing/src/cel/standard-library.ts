/**
 * All functions that Kubernetes has in its expressions.
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */
import { FunctionLibrary } from "./function-library.ts";
import { declareAddresses, declareUrls } from "./functions/addresses.ts";
import { declareAuthorizer } from "./functions/authorizer.ts";
import { declareConversions } from "./functions/conversions.ts";
import { declareFormats } from "./functions/formats.ts";
import { declareListFunctions } from "./functions/lists.ts";
import { declareOperators } from "./functions/operators.ts";
import { declareQuantities, declareVersions } from "./functions/quantities.ts";
import { declareTextFunctions } from "./functions/texts.ts";

let standard: FunctionLibrary | undefined;

/** The functions, made when first asked for. */
export function standardLibrary(): FunctionLibrary {
  if (standard === undefined) {
    standard = new FunctionLibrary();
    declareOperators(standard);
    declareConversions(standard);
    declareTextFunctions(standard);
    declareListFunctions(standard);
    declareQuantities(standard);
    declareVersions(standard);
    declareAddresses(standard);
    declareUrls(standard);
    declareFormats(standard);
    declareAuthorizer(standard);
  }
  return standard;
}
