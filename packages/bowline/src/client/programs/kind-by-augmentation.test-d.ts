/** A kind of one's own by augmentation, as `bowline generate` writes it. */
import { Client, type NamespacedObject } from "bowline";

await using client = await Client.connect();
export interface Widget extends NamespacedObject<"augmentation.example.com/v1", "Widget", "status" | "scale"> {
  spec: { size: number; color?: "red" | "blue"; parts?: { name: string; count: number }[] };
  status?: { observedGeneration?: number; phase?: "Pending" | "Ready" };
}
declare module "bowline" {
  interface KindMap {
    "augmentation.example.com/v1/Widget": Widget;
  }
  interface SelectableFields {
    "augmentation.example.com/v1/Widget": "spec.color";
  }
}
const widgets = client.resource("augmentation.example.com/v1", "Widget", { namespace: "web" });
const w = await widgets.create({ metadata: { name: "w" }, spec: { size: 3 } });
await widgets.status.patch(w.metadata.name, {
  status: { phase: "Ready", observedGeneration: w.metadata.generation ?? 0 },
});
await client.apply(
  {
    apiVersion: "augmentation.example.com/v1",
    kind: "Widget",
    metadata: { name: "w", namespace: "web" },
    spec: { color: "red" },
  },
  { fieldManager: "me" },
);
const size: number = (await widgets.get("w")).spec.size;
console.log(size);
console.log((await widgets.list({ fieldSelector: { "spec.color": "red" } })).items.length);
