// Certificate numbers as people write them: small letters, spaces, no hyphens, an address with a number in it. The last
// character of a number checks the others, by ISO 7064 MOD 37,36: so a slip is told from a number that was never given.
"use strict";

{
  const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const WRITTEN = /ISMPE-[12][0-9]{3}-[0-9]{4,6}-[0-9A-Z](?![0-9A-Z])/i;
  const LETTERS = /^(?:ISMPE)?([12][0-9]{3})([0-9]{4,6})([0-9A-Z])$/;
  // What is taken for another character by eye.
  const FOR_DIGITS = { O: "0", Q: "0", D: "0", I: "1", L: "1", Z: "2", S: "5", B: "8" };
  const ALIKE = ["O0", "I1", "L1", "Z2", "S5", "B8", "Q0", "D0"];

  /** The check character of the letters and digits in `stem`. */
  function checkCharacter(stem) {
    let product = 36;
    for (const character of stem) {
      const value = ALPHABET.indexOf(character);
      if (value < 0) continue;
      product = (((product + value) % 36 || 36) * 2) % 37;
    }
    return ALPHABET[(37 - product) % 36];
  }

  /** Whether `text` is written like a number, and its check character is right. */
  function isNumber(text) {
    return WRITTEN.exec(text)?.[0] === text && checkCharacter(text.slice(0, -2)) === text.at(-1);
  }

  /**
   * What was meant: `number` where its check character is right; else `written` where it is at least written like one.
   * `alike`: numbers with a right check character that look like it.
   */
  function readNumber(text) {
    const tidy = text.normalize("NFKC").toUpperCase();
    const compact = (WRITTEN.exec(tidy)?.[0] ?? tidy).replace(/[^0-9A-Z]/g, "");
    const written = hyphenated(compact);
    return written && isNumber(written) ? { number: written, alike: [] } : { written, alike: lookAlikes(compact) };
  }

  function hyphenated(compact) {
    const parts = LETTERS.exec(compact);
    return parts ? `ISMPE-${parts[1]}-${parts[2]}-${parts[3]}` : undefined;
  }

  function lookAlikes(compact) {
    const [, digits, last] = /^(?:[I1L][S5]MPE)?([0-9A-Z]{8,10})([0-9A-Z])$/.exec(compact) ?? [];
    if (!digits) return [];
    const stem = digits.replace(/[A-Z]/g, (letter) => FOR_DIGITS[letter] ?? letter);
    const others = ALIKE.filter((pair) => pair.includes(last)).map((pair) => pair.replace(last, ""));
    return [last, ...others].map((check) => hyphenated(stem + check)).filter((number) => number && isNumber(number));
  }

  globalThis.ismpe = { ...globalThis.ismpe, checkCharacter, isNumber, readNumber };
}
