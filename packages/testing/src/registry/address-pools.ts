/**
 * The cluster IPs and node ports that Services get. What is taken is read off the stored Services, so nothing has to be
 * given back.
 */
import type { ApiObject } from "./strategy.ts";

/** The service network, `10.0.0.0/24`; its first address is the `kubernetes` Service's. */
const NETWORK = "10.0.0.";
/** Addresses up to here are kept for those who ask for one. */
const FIRST_DYNAMIC = 17;
const LAST_ADDRESS = 254;
const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;
/** Node ports up to here are kept for those who ask for one. */
const FIRST_DYNAMIC_NODE_PORT = 30_086;

interface ServiceSpec {
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly healthCheckNodePort?: number;
  readonly ports?: readonly { readonly nodePort?: number }[];
}

/** Finds free values. */
export class AddressPools {
  readonly #services: () => readonly ApiObject[];
  /** Values handed out last, so that one write can take several before it is stored. */
  readonly #recent: Map<string, string[]> = new Map();

  constructor(services: () => readonly ApiObject[]) {
    this.#services = services;
  }

  /** A free value, `wanted` where it is free; `""` where none is. */
  allocate(pool: "clusterIP" | "nodePort", wanted?: string): string {
    const taken = this.#taken(pool);
    if (wanted !== undefined && wanted !== "") return taken.has(wanted) ? "" : wanted;
    const recent = this.#recent.get(pool) ?? [];
    const free = [...candidates(pool)].find((value) => !taken.has(value) && !recent.includes(value));
    if (free === undefined) return "";
    this.#recent.set(pool, [...recent.slice(-15), free]);
    return free;
  }

  #taken(pool: "clusterIP" | "nodePort"): Set<string> {
    const taken = new Set<string>();
    for (const service of this.#services()) {
      const spec = service["spec"] as ServiceSpec | undefined;
      if (pool === "clusterIP") {
        for (const address of [spec?.clusterIP, ...(spec?.clusterIPs ?? [])])
          if (address !== undefined) taken.add(address);
      } else {
        for (const port of [spec?.healthCheckNodePort, ...(spec?.ports ?? []).map((item) => item.nodePort)]) {
          if (port !== undefined) taken.add(String(port));
        }
      }
    }
    return taken;
  }
}

function* candidates(pool: "clusterIP" | "nodePort"): Generator<string> {
  if (pool === "clusterIP") for (let last = FIRST_DYNAMIC; last <= LAST_ADDRESS; last++) yield NETWORK + last;
  else for (let port = FIRST_DYNAMIC_NODE_PORT; port <= LAST_NODE_PORT; port++) yield String(port);
  if (pool === "nodePort") for (let port = FIRST_NODE_PORT; port < FIRST_DYNAMIC_NODE_PORT; port++) yield String(port);
}
