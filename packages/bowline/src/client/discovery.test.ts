import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Answer, fakeClient, type SeenRequest, status } from "./testdata/fake-transport.ts";

const widget = {
  name: "widgets",
  singularName: "widget",
  namespaced: true,
  kind: "Widget",
  verbs: ["get"],
  shortNames: ["wd"],
  categories: ["all"],
};
const resources = [
  widget,
  { name: "widgets/status", namespaced: true, kind: "Widget", verbs: ["get"] },
  { name: "gadgets", namespaced: false, kind: "Gadget", verbs: [] },
];
const legacy: Readonly<Record<string, unknown>> = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": {
    kind: "APIGroupList",
    groups: [
      { name: "acme.io", versions: [{ groupVersion: "acme.io/v1" }] },
      { name: "down.io", versions: [{ groupVersion: "down.io/v1" }] },
    ],
  },
  "/api/v1": {
    kind: "APIResourceList",
    resources: [{ name: "pods", singularName: "pod", namespaced: true, kind: "Pod", verbs: ["list"] }],
  },
  "/apis/acme.io/v1": { kind: "APIResourceList", resources },
};
const serveLegacy = ({ path }: SeenRequest): Answer =>
  path in legacy ? { body: legacy[path] } : status(503, "ServiceUnavailable", "down");

describe("discover", () => {
  it("takes aggregated discovery, in two requests", async () => {
    const aggregated = (group: string, kind: string): object => ({
      kind: "APIGroupDiscoveryList",
      items: [
        {
          metadata: group === "" ? {} : { name: group },
          versions: [
            {
              version: "v1",
              resources: [
                {
                  resource: "things",
                  responseKind: { group: "", version: "", kind },
                  scope: "Namespaced",
                  singularResource: "thing",
                  verbs: ["get"],
                  shortNames: ["t"],
                  subresources: [{ subresource: "status" }],
                },
                { resource: "ghosts", responseKind: null, scope: "Cluster", verbs: [] },
              ],
            },
          ],
        },
      ],
    });
    const { client, transport } = fakeClient(({ path }) => ({
      body: path === "/api" ? aggregated("", "A") : aggregated("x.io", "B"),
    }));
    const kinds = await client.discover();
    assert.deepEqual(
      kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
      ["v1 A", "x.io/v1 B"],
    );
    assert.deepEqual(kinds[0], {
      apiVersion: "v1",
      kind: "A",
      plural: "things",
      singular: "thing",
      scope: "Namespaced",
      verbs: ["get"],
      shortNames: ["t"],
      categories: [],
      subresources: ["status"],
    });
    assert.deepEqual(transport.lines, ["GET /api", "GET /apis"]);
    assert.match(
      String(transport.requests[0]?.headers["accept"]),
      /v=v2;as=APIGroupDiscoveryList.*,application\/json$/,
    );
    await client.resource("x.io/v1", "B", { namespace: "web" }).get("a");
    assert.equal(transport.lines.at(-1), "GET /apis/x.io/v1/namespaces/web/things/a");
    assert.equal(transport.requests.length, 3);
  });

  it("asks group by group where there is no aggregated discovery, and leaves out groups that are down", async () => {
    const { client, transport } = fakeClient(serveLegacy);
    const kinds = await client.discover();
    assert.deepEqual(
      kinds.map(({ apiVersion, kind, scope }) => `${apiVersion} ${kind} ${scope}`),
      ["v1 Pod Namespaced", "acme.io/v1 Widget Namespaced", "acme.io/v1 Gadget Cluster"],
    );
    assert.deepEqual(kinds[1]?.subresources, ["status"]);
    assert.deepEqual(transport.lines.sort(), [
      "GET /api",
      "GET /api/v1",
      "GET /apis",
      "GET /apis/acme.io/v1",
      "GET /apis/down.io/v1",
    ]);
  });

  it("gives kinds that make handles", async () => {
    const { client, transport } = fakeClient((request) =>
      request.path.includes("widgets") ? { body: { metadata: {} } } : serveLegacy(request),
    );
    const kind = (await client.discover()).find((one) => one.kind === "Widget");
    assert.ok(kind);
    await client.resource(kind, { namespace: "web" }).get("a");
    assert.equal(transport.lines.at(-1), "GET /apis/acme.io/v1/namespaces/web/widgets/a");
  });
});

describe("an untyped kind", () => {
  it("is found by one request, which concurrent calls share", async () => {
    const { client, transport } = fakeClient((request) =>
      request.path === "/apis/acme.io/v1" ? serveLegacy(request) : { body: {} },
    );
    const widgets = client.resource("acme.io/v1", "Widget", { namespace: "web" });
    const gadgets = client.resource("acme.io/v1", "Gadget", { namespace: "web" });
    await Promise.all([widgets.get("a"), widgets.get("b"), gadgets.get("c")]);
    assert.deepEqual(transport.lines.sort(), [
      "GET /apis/acme.io/v1",
      "GET /apis/acme.io/v1/gadgets/c",
      "GET /apis/acme.io/v1/namespaces/web/widgets/a",
      "GET /apis/acme.io/v1/namespaces/web/widgets/b",
    ]);
  });

  it("is looked for again when it was not there, for it may have been installed since", async () => {
    let installed = false;
    const { client } = fakeClient((request) => {
      if (request.path !== "/apis/acme.io/v1") return { body: {} };
      return installed ? serveLegacy(request) : status(404, "NotFound", "no");
    });
    const widgets = client.resource("acme.io/v1", "Widget", { namespace: "web" });
    await assert.rejects(widgets.get("a"), { code: "KindNotFound", message: /no such apiVersion/ });
    installed = true;
    await widgets.get("a");
    const missing = client.resource("acme.io/v1", "Wodget", { namespace: "web" });
    await assert.rejects(missing.get("a"), { code: "KindNotFound", message: /it has Widget, Gadget/ });
  });

  it("needs a namespace where discovery says that it is namespaced", async () => {
    const { client } = fakeClient(serveLegacy);
    const widgets = client.resource("acme.io/v1", "Widget");
    await assert.rejects(widgets.get("a"), {
      code: "NamespaceMissing",
      message: /cannot get widgets without a namespace/,
    });
  });

  it("stops waiting for discovery when the caller's signal aborts, while others go on", async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { client } = fakeClient(async (request) => {
      if (request.path !== "/apis/acme.io/v1") return { body: { found: true } };
      await gate;
      return serveLegacy(request);
    });
    const widgets = client.resource("acme.io/v1", "Widget", { namespace: "web" });
    const controller = new AbortController();
    const aborted = widgets.get("a", controller);
    const other = widgets.get("b");
    controller.abort(new Error("enough"));
    await assert.rejects(aborted, /enough/);
    release();
    assert.equal((await other)["found"], true);
  });
});
