import { testConnector } from "../testdata/connector-suite.ts";
import { nodeHttps } from "./connector.ts";

testConnector(nodeHttps);
