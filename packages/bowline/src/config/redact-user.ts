/**
 * A resolved user that can be logged: its secrets are there for those who ask for them by name only.
 */
import type { User } from "./cluster.ts";
import { redact, redactedText, withoutSecrets } from "./redaction.ts";

const secretFields: ReadonlySet<string> = new Set(["token", "password", "addressLogin", "clientKey"]);

/** The same user, whose JSON and inspection show of an exec plugin the command only. */
export function redactUser(user: User): User {
  const { exec, authProvider } = user;
  return redact(user, () => ({
    ...withoutSecrets(user, secretFields),
    ...(exec && {
      exec: { ...exec, args: [redactedText], env: exec.env.map(({ name }) => ({ name, value: redactedText })) },
    }),
    ...(authProvider && { authProvider: { name: authProvider.name, config: redactedText } }),
  }));
}
