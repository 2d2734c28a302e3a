// What a file or a number is, in one of these kinds: active, superseded, suspended, withdrawn, expired, not yet valid (it
// is genuine), altered, not ours, unknown. Whatever could not be found out is unknown: never taken for genuine.
"use strict";

{
  /**
   * The answer to a file: its kind, and
   * `certificate`: the one it belongs to, or names; `name`: as which of its files it was issued;
   * `change`: the one the certificate stands in; `number`: one it names that was never issued;
   * `why`: what made it unknown; `otherwise`: a credential in other white space or order; `inside`: only the credential
   * in it is genuine.
   */
  async function judgeFile(file, mostBytes, list, day) {
    if (!globalThis.crypto?.subtle) return { kind: "unknown", why: "insecure" };
    if (file.size > mostBytes) return { kind: "unknown", why: "large" };
    const bytes = await bytesOf(file);
    if (!bytes) return { kind: "unknown", why: "unreadable" };
    if (!bytes.length) return { kind: "unknown", why: "empty" };
    const issued = await listOrNothing(list);
    if (!issued) return { kind: "unknown", why: "list" };
    return judgeBytes(bytes, issued, day);
  }

  async function judgeBytes(bytes, issued, day) {
    const found = issued.byDigest.get(await ismpe.sha256(bytes));
    if (found) return { ...standingOf(found.certificate, day), name: found.name };
    const text = ismpe.letters(bytes);
    const carried = ismpe.credentialIn(bytes, text);
    const said = ismpe.canonical(carried);
    const genuine = said && issued.byCredential.get(await ismpe.sha256(new TextEncoder().encode(said)));
    if (genuine && isAlone(bytes, carried)) {
      return { ...standingOf(genuine, day), name: "credential.json", otherwise: true };
    }
    if (genuine) return { kind: "altered", certificate: genuine, inside: true };
    const named = ismpe.numbersIn(text);
    const certificate = named.map((number) => issued.byNumber.get(number)).find(Boolean);
    if (certificate) return { kind: "altered", certificate };
    return { kind: "not ours", number: named.find(ismpe.isNumber) };
  }

  /** Whether the credential is the whole file, and not carried in a picture. */
  function isAlone(bytes, carried) {
    return new TextEncoder().encode(carried).length === bytes.length;
  }

  /** The answer to a number as it was typed; `alike`: issued ones that look like it. */
  async function judgeNumber(typed, list, day) {
    const { number, written, alike } = ismpe.readNumber(typed);
    const issued = await listOrNothing(list);
    if (!issued) return { kind: "unknown", why: "list" };
    const certificate = issued.byNumber.get(number);
    if (certificate) return standingOf(certificate, day);
    if (number) return { kind: "not ours", number };
    return { kind: "unknown", why: written ? "mistyped" : "unlike", alike: alike.filter((one) => issued.byNumber.has(one)) };
  }

  function standingOf(certificate, day) {
    return { kind: ismpe.state(certificate, day), certificate, change: ismpe.standing(certificate, day) };
  }

  async function bytesOf(file) {
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  async function listOrNothing(list) {
    try {
      return await list();
    } catch (error) {
      console.info(error);
      return undefined;
    }
  }

  globalThis.ismpe = { ...globalThis.ismpe, judgeFile, judgeNumber };
}
