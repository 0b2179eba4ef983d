/**
 * Every case of the suite.
 */
import { admissionCases } from "./admission.ts";
import { applyCases } from "./apply.ts";
import { authCases } from "./auth.ts";
import type { SuiteCase } from "./case.ts";
import { clientCallCases } from "./client-calls.ts";
import { controllerCases } from "./controllers.ts";
import { crdCases } from "./crd.ts";
import { createCases } from "./create.ts";
import { deleteCases } from "./delete.ts";
import { discoveryCases } from "./discovery.ts";
import { errorCases } from "./errors.ts";
import { listCases } from "./list.ts";
import { patchCases } from "./patch.ts";
import { readCases } from "./read.ts";
import { selectorCases } from "./selectors.ts";
import { streamCases } from "./streams.ts";
import { subresourceCases } from "./subresources.ts";
import { updateCases } from "./update.ts";
import { watchCases } from "./watch.ts";

/** In the order in which they run: what a server has is asked before anything is added to it. */
export const ALL_CASES: readonly SuiteCase[] = [
  ...discoveryCases,
  ...createCases,
  ...readCases,
  ...listCases,
  ...watchCases,
  ...updateCases,
  ...patchCases,
  ...applyCases,
  ...deleteCases,
  ...subresourceCases,
  ...errorCases,
  ...selectorCases,
  ...authCases,
  ...crdCases,
  ...admissionCases,
  ...controllerCases,
  ...streamCases,
  ...clientCallCases,
];
