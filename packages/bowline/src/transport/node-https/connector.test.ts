import { testConnector } from "../testdata/connector-suite.ts";
import { testHandshakes } from "../testdata/handshake-suite.ts";
import { nodeHttps } from "./connector.ts";

testConnector(nodeHttps);
testHandshakes(nodeHttps);
