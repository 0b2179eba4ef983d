import { readFileSync } from "node:fs";
import https from "node:https";

const { url, ca, token } = JSON.parse(readFileSync(process.argv[3], "utf8"));
https.get(`${url}/api/v1/namespaces/small/pods`, { ca, headers: { authorization: `Bearer ${token}` } }, (response) => {
  let text = "";
  response.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  response.on("end", () => console.log(JSON.parse(text).items[0].metadata.name));
});
