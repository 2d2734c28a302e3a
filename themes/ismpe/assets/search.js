// The search page: what is asked stands in the address, what is found comes from the site's own index.

const SHOWN_AT_ONCE = 20;
const WORDS_SHOWN = 40;
// What all those are that the list of facts does not name.
const USUAL = ["organisation", "current"];

const form = document.querySelector("form.search");
const status = document.querySelector(".search-status");
const list = document.querySelector("ol.found");
const more = document.querySelector(".found-more");
const template = document.querySelector("#found");
const lists = document.querySelector(".unsearched");
const title = document.title;

const address = (name) => new URL(form.dataset[name], document.baseURI);
let loading;
let question = 0;
let answered;
let rest = [];

async function load() {
  const [program, facts] = await Promise.all([import(address("program")), fetch(address("facts"))]);
  if (!facts.ok) throw new Error(`${facts.url}: ${facts.status}`);
  // Without a worker, which would need a policy of its own.
  return { engine: program.createInstance({ noWorker: true, excerptLength: WORDS_SHOWN }), facts: await facts.json() };
}

function asked() {
  const known = new URLSearchParams(location.search);
  const kinds = [...form.elements.kind].map((radio) => radio.value);
  const kind = known.get("kind") ?? "";
  return { words: (known.get("q") ?? "").trim(), kind: kinds.includes(kind) ? kind : "", all: known.has("all") };
}

async function answer() {
  answered = location.search;
  const { words, kind, all } = asked();
  const mine = ++question;
  form.elements.q.value = words;
  for (const radio of form.elements.kind) radio.checked = radio.value === kind;
  form.elements.all.checked = all;
  document.title = words ? `${words} · ${title}` : title;
  list.replaceChildren();
  rest = [];
  more.hidden = true;
  status.textContent = words ? status.dataset.busy : "";
  if (!words) return;
  try {
    loading ??= load();
    const { engine, facts } = await loading;
    const { results } = await engine.search(words);
    const found = results.map((result) => ({ result, facts: facts[result.id] ?? USUAL }));
    if (mine !== question) return;
    const wanted = found.filter((one) => !kind || one.facts.includes(kind));
    const isCurrent = (one) => one.facts.includes("current");
    rest = [...wanted.filter(isCurrent), ...(all ? wanted.filter((one) => !isCurrent(one)) : [])];
    const count = rest.length;
    await show();
    if (mine === question) {
      const figure = count.toLocaleString(document.documentElement.lang);
      status.textContent = count ? status.dataset.count.replace("{count}", figure) : status.dataset.none;
    }
  } catch (error) {
    if (mine === question) failed(error);
  }
}

function failed(error) {
  loading = undefined;
  status.textContent = status.dataset.failed;
  console.info(error);
}

// The next results; gives the first of them.
async function show() {
  const mine = question;
  const next = rest.splice(0, SHOWN_AT_ONCE);
  const shown = await Promise.all(next.map(async ({ result, facts }) => item(await result.data(), facts)));
  if (mine !== question) return undefined;
  list.append(...shown);
  more.hidden = rest.length === 0;
  return shown[0];
}

function item(found, facts) {
  const node = template.content.firstElementChild.cloneNode(true);
  const link = node.querySelector("a");
  link.href = new URL(found.raw_url ?? found.url, address("root"));
  link.textContent = found.meta.title;
  for (const label of node.querySelectorAll("[data-for]")) {
    if (!facts.includes(label.dataset.for)) label.remove();
  }
  const text = node.querySelector(".found-text");
  text.classList.toggle("normative", facts.includes("clause"));
  const language = facts.find((fact) => fact.startsWith("language "))?.slice("language ".length);
  if (language) text.lang = language;
  text.append(...excerpt(found));
  return node;
}

// The excerpt as text and marks; what pagefind wrote as HTML is never taken for such.
function excerpt({ excerpt: marked, plain_excerpt: plain, raw_content: whole }) {
  const parts = marked.split(/<mark>(.*?)<\/mark>/s).map((part, index) => {
    const text = part.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
    return index % 2 ? Object.assign(document.createElement("mark"), { textContent: text }) : text;
  });
  return [whole.startsWith(plain) ? "" : "… ", ...parts, whole.endsWith(plain) ? "" : " …"];
}

function ask() {
  const given = [...new FormData(form)].filter(([, value]) => value.trim());
  const query = `?${new URLSearchParams(given)}`;
  if (query !== location.search) history.pushState(null, "", location.pathname + query);
  answer();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
form.addEventListener("change", (event) => {
  if (event.target.name !== "q") ask();
});
more.addEventListener("click", () => show().then((first) => first?.querySelector("a").focus(), failed));
// A step to a place of the page, such as the skip link's, asks nothing.
window.addEventListener("popstate", () => location.search !== answered && answer());
answer().finally(() => lists.removeAttribute("data-waiting"));
