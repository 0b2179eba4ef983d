// Bowline over undici.
import { undici } from "bowline/transport/undici";
import { connect as connectWith } from "./bowline.mjs";

export const connect = (server) => connectWith({ ...server, transport: undici() });
