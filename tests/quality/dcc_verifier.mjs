// What the verifier of the Digital Credentials Consortium says. It reads {files, credentials} from standard input: what
// it would fetch, by URL, and what to judge. It writes a line for each credential.
import fs from "node:fs";

const {files, credentials} = JSON.parse(fs.readFileSync(0));
globalThis.fetch = async request => {
  const text = files[String(request.url ?? request)];
  return new Response(text ?? "", {status: text === undefined ? 404 : 200, headers: {"content-type": "application/json"}});
};
console.error = console.warn = () => {};
const {verifyCredential} = await import("@digitalcredentials/verifier-core");

for (const credential of credentials) {
  const result = await verifyCredential({credential, knownDIDRegistries: []});
  if (result.errors) {
    console.log("INVALID " + result.errors[0].name);
    continue;
  }
  const said = ["valid_signature", "revocation_status", "expiration"].map(
    id => id + "=" + result.log.find(one => one.id === id)?.valid
  );
  const schema = result.additionalInformation?.[0]?.results?.[0]?.result?.valid;
  console.log([...said, "schema=" + schema].join(" "));
}
