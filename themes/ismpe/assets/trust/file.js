// What can be read from the bytes of a file: its digest, the numbers it names, the credential in it.
"use strict";

{
  const NUMBERS = /ISMPE-[12][0-9]{3}-[0-9]{4,6}-[0-9A-Z]/g;
  const PNG = "\x89PNG\r\n\x1a\n";
  const CREDENTIAL = { opens: "<openbadges:credential", closes: "</openbadges:credential>", keyword: "openbadgecredential" };

  /** SHA-256 in hexadecimal digits. */
  async function sha256(bytes) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** What is written in the bytes, whatever kind of file they are: each byte a character. */
  function letters(bytes) {
    const pieces = [];
    for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
    return pieces.join("");
  }

  /** Each certificate number in the bytes, once, in their order. */
  function numbersIn(text) {
    return [...new Set(text.match(NUMBERS) ?? [])].sort();
  }

  /** The text of the credential: the file itself, or what a badge (SVG, PNG) carries; undefined where there is none. */
  function credentialIn(bytes, text) {
    if (text.startsWith(PNG)) return inPng(bytes, text);
    const whole = utf8(bytes);
    return whole?.includes(CREDENTIAL.opens) ? inSvg(whole) : whole;
  }

  function inSvg(text) {
    const begins = text.indexOf(">", text.indexOf(CREDENTIAL.opens)) + 1;
    const ends = text.indexOf(CREDENTIAL.closes, begins);
    const inner = begins > 0 && ends >= 0 ? text.slice(begins, ends).trim() : "";
    return inner.startsWith("<![CDATA[") && inner.endsWith("]]>") ? inner.slice(9, -3) : undefined;
  }

  /** The text that an uncompressed iTXt piece of a PNG carries under the keyword of Open Badges. */
  function inPng(bytes, text) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = PNG.length; at + 8 <= bytes.length; ) {
      const begins = at + 8;
      const ends = begins + view.getUint32(at);
      if (ends > bytes.length) return undefined;
      const head = `${CREDENTIAL.keyword}\0\0\0`;
      if (text.startsWith("iTXt", at + 4) && text.startsWith(head, begins)) {
        const language = text.indexOf("\0", begins + head.length);
        const translated = text.indexOf("\0", language + 1);
        return language >= 0 && translated >= 0 && translated < ends ? utf8(bytes.subarray(translated + 1, ends)) : undefined;
      }
      at = ends + 4;
    }
    return undefined;
  }

  function utf8(bytes) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
  }

  /**
   * What a credential says, written the one way that is digested at issue: keys in order, no white space. Undefined for
   * what is no JSON, and for what two readers may understand in two ways: a key that stands twice, a number that this
   * language would round.
   */
  function canonical(text) {
    try {
      const value = JSON.parse(text);
      if (value === null || typeof value !== "object" || isAmbiguous(text, value)) return undefined;
      return written(value);
    } catch {
      // No JSON, or nested so deep that no program should follow it.
      return undefined;
    }
  }

  function written(value) {
    if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const members = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${written(value[key])}`);
    return `{${members.join(",")}}`;
  }

  function isAmbiguous(text, value) {
    const [strings, others] = [/"[^"\\]*(?:\\.[^"\\]*)*"/g, /-?[0-9][-+.0-9eE]*/g];
    // A stroke stands for each string; one before a colon is a key.
    const bare = text.replace(strings, "|");
    const keys = bare.match(/\|\s*:/g)?.length ?? 0;
    return keys !== keyCount(value) || (bare.match(others) ?? []).some((number) => String(Number(number)) !== number);
  }

  function keyCount(value) {
    if (value === null || typeof value !== "object") return 0;
    const inner = Object.values(value).reduce((count, item) => count + keyCount(item), 0);
    return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
  }

  globalThis.ismpe = { ...globalThis.ismpe, sha256, letters, numbersIn, credentialIn, canonical };
}
