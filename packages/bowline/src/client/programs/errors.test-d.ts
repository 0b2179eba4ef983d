/** Errors. */
import { Client, isAlreadyExists, isApiError, isConflict, isInvalid } from "bowline";

await using client = await Client.connect();
const configMaps = client.resource("v1", "ConfigMap", { namespace: "web" });
try {
  await configMaps.create({ metadata: { name: "a" } });
} catch (error) {
  if (isAlreadyExists(error)) console.log("exists", error.target.name);
  else if (isInvalid(error)) for (const cause of error.status.details.causes) console.log(cause.field, cause.message);
  else if (isConflict(error)) console.log(error.retryable);
  else if (isApiError(error)) console.log(error.httpStatus, error.status.reason, error.retryAfterMs);
  else throw error;
}
