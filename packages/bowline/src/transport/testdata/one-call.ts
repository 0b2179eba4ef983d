/**
 * A program that makes one call, never closes its transport and has nothing more to do. `one-call.ts PORT [undici]`.
 */
import { createTransport } from "../connect-transport.ts";
import { undici } from "../undici/index.ts";
import { clusterAt, fixedCredential, textOf } from "./fixture-server.ts";

const [port, connector] = process.argv.slice(2);
const transport = createTransport({
  cluster: clusterAt(Number(port)),
  credentials: fixedCredential(),
  connector: connector === "undici" ? undici() : undefined,
});
const response = await transport.send({ method: "GET", path: "/", headers: {} });
process.stdout.write(await textOf(response));
