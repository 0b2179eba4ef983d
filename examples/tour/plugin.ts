/**
 * The tour's exec credential plugin. It logs in at the address in TOUR_LOGIN_URL and prints what it is given there: a token
 * that soon expires the first time, a client certificate afterwards.
 */
import { runPlugin } from "bowline/auth/plugin";

await runPlugin(async ({ spec }) => {
  const login = process.env["TOUR_LOGIN_URL"];
  if (login === undefined) throw new Error("TOUR_LOGIN_URL is not set: this plugin is run by the tour's kubeconfig");
  const response = await fetch(login, { method: "POST", body: JSON.stringify({ server: spec.cluster?.server }) });
  if (!response.ok) throw new Error(`${login} answered ${response.status}`);
  return (await response.json()) as { token: string; expirationTimestamp: string };
});
