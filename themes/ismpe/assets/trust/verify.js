// The page that checks files and numbers. All is done here, in the reader's browser: the only thing ever asked for is the
// list of certificates and the fonts, and that once.
"use strict";

{
  const MEGABYTE = 1_000_000;
  const check = document.querySelector(".check");
  const files = check.querySelector("input[type=file]");
  const drop = check.querySelector(".drop");
  const form = check.querySelector("form");
  const status = document.querySelector(".check-status");
  const answers = document.querySelector(".answers");
  const place = answers.querySelector(".answers-list");
  const template = document.getElementById("answer");
  const succeeded = document.getElementById("succeeded");
  const { list: listAddress, locale, mostMegabytes } = check.dataset;

  const list = () => ismpe.issuedList(listAddress);
  let turn = 0;
  let fonts;

  /** Ask for every font at once: one that only a certain name needs would tell the host what was checked. */
  function loadFonts() {
    const upright = [...document.fonts].filter((face) => face.style === "normal");
    fonts ??= Promise.allSettled(upright.map((face) => face.load()));
  }

  /** Judge one thing after the other, then show all the answers and lead the reader to them. */
  async function answer(subjects, judged) {
    if (!subjects.length) return;
    const mine = ++turn;
    loadFonts();
    answers.hidden = true;
    status.textContent = status.dataset.busy;
    const results = [];
    for (const subject of subjects) {
      results.push(await judged(subject));
      if (mine !== turn) return;
    }
    const issued = results.some((result) => result.certificate) ? await list() : undefined;
    place.replaceChildren(...results.map((result, at) => article(result, subjects[at], issued)));
    status.textContent = "";
    answers.hidden = false;
    const first = results.length > 1 ? answers : place.firstElementChild;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "start" });
  }

  function article(result, subject, issued) {
    const { kind, certificate, change, alike = [] } = result;
    const node = ismpe.chosen(template, factsOf(result, subject, issued));
    node.dataset.kind = kind;
    const date = (text) => (text ? ismpe.day(text, locale) : "");
    ismpe.filled(node, {
      ...certificate,
      awarded: date(certificate?.awarded),
      until: date(certificate?.until),
      from: date(certificate && ismpe.begins(certificate)),
      number: certificate?.number ?? result.number,
      on: date(change?.[1]),
      reason: reasonOf(change, certificate, issued),
      by: change?.[3],
      file: subject.name ?? subject,
      name: result.name,
      alike: alike[0],
    });
    const pages = { number: certificate?.number, by: change?.[3] };
    for (const link of node.querySelectorAll("a[data-to]")) {
      const number = pages[link.dataset.to];
      if (hasPage(number, issued)) link.href = issued.page.replace("{number}", number) + (link.dataset.place ?? "");
      else link.replaceWith(Object.assign(document.createElement("span"), { className: link.className, textContent: link.textContent }));
    }
    node.ariaLabel = node.querySelector("h3").textContent.replace(/\s+/g, " ").trim();
    for (const button of node.querySelectorAll("button")) button.addEventListener("click", () => ask(alike[0]));
    return node;
  }

  /** What was entered ready-made in the words of the page, anything else in the language it was written in. */
  function reasonOf(change, certificate, issued) {
    if (!change) return "";
    const [, , reason] = change;
    return reason === issued.succeeded ? succeeded.content.textContent : ismpe.isolated(reason, certificate.language);
  }

  /** Whether the site shows a certificate: of those that it does not there is only what stands in the ledger. */
  function hasPage(number, issued) {
    const certificate = issued.byNumber.get(number);
    return Boolean(certificate && !certificate.hidden);
  }

  /** What is true of an answer, in the words that the parts of the template are marked with. */
  function factsOf(result, subject, issued) {
    const { kind, certificate, change, name } = result;
    const genuine = !["altered", "not ours", "unknown"].includes(kind);
    const facts = {
      [kind.replaceAll(" ", "-")]: true,
      [typeof subject === "string" ? "typed" : "file"]: true,
      [`why-${result.why}`]: result.why,
      [`level-${certificate?.level}`]: certificate,
      [`name-${name}`]: name,
      genuine,
      certificate,
      specimen: certificate?.specimen,
      shown: certificate && !certificate.hidden,
      hidden: certificate?.hidden,
      test: certificate && issued?.test,
      reason: change?.[2],
      by: change?.[3],
      whole: genuine && name && !result.otherwise,
      otherwise: result.otherwise,
      inside: result.inside,
      named: !certificate && result.number,
      alike: result.alike?.length,
    };
    return new Set(Object.keys(facts).filter((fact) => facts[fact]));
  }

  function judgeFile(file) {
    return ismpe.judgeFile(file, mostMegabytes * MEGABYTE, list, ismpe.today());
  }

  function ask(number) {
    form.elements.number.value = number;
    return answer([number], (typed) => ismpe.judgeNumber(typed, list, ismpe.today()));
  }

  files.addEventListener("change", async () => {
    await answer([...files.files], judgeFile);
    // So that the same file can be chosen again.
    files.value = "";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = form.elements.number.value.trim();
    if (typed) ask(typed);
  });
  // A file that misses its place would make the browser leave the page; so any place will do.
  for (const kind of ["dragover", "dragleave", "drop"]) {
    window.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("dragged", kind === "dragover");
      if (kind === "drop") answer([...event.dataTransfer.files], judgeFile);
    });
  }

  check.hidden = false;
  const asked = new URLSearchParams(location.search).get("number")?.trim();
  if (asked) ask(asked);
}
