// What a program has loaded once it has a client: nothing has been sent yet.
import { Client } from "bowline";

await Client.connect({ kubeconfig: process.argv[3] });
