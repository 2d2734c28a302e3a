// The filter and the order of the register. What is asked for stands in the form, and the same in the page's address;
// the rows are those the pages were published with. Every word comes from the page.

const form = document.querySelector("form.filter");
const table = document.querySelector("table.register");
const status = form.querySelector("[role=status]");
const pager = document.querySelector("nav.pages");
const more = document.querySelector(".filter-more");
const caption = table.caption;
const inOrder = caption.textContent;

const language = document.documentElement.lang;
const collator = new Intl.Collator(language, { numeric: true });

// The order in which the pages list the awards.
const NEWEST_FIRST = "-awarded";
const COLUMNS_HIDDEN = matchMedia("(max-width: 40rem)");
const TYPING = 200;

/** What filters compare: control → what a row says. */
const SAYS = {
  level: (row) => row.dataset.level,
  state: (row) => row.dataset.state,
  country: (row) => row.dataset.country,
  sector: (row) => row.dataset.sector,
  edition: (row) => row.dataset.edition,
  year: (row) => row.dataset.awarded.slice(0, 4),
};

/** What a column is ordered by: text, or the place among the options of the control of that name. */
const ORDERS = {
  organisation: (row) => row.cells[0].textContent,
  state: (row) => place("state", row),
  level: (row) => place("level", row),
  awarded: (row) => row.dataset.awarded,
  valid: (row) => row.dataset.valid,
  edition: (row) => place("edition", row),
};

const rows = [...table.tBodies[0].rows];
let others = null;
let turn = 0;
let answered = null;
let typing = 0;
let typed = false;

function place(name, row) {
  return [...form.elements[name].options].findIndex((option) => option.value === SAYS[name](row));
}

/** Letters without accents and capitals, so that "Elan" finds "Élan". */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase(language);
}

/** What the form asks for: only what was chosen. */
function asked() {
  const given = new URLSearchParams(new FormData(form));
  return new URLSearchParams([...given].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
}

/** Put into the form what the address asks for; what the form does not offer is not asked for. */
function readAddress() {
  const given = new URLSearchParams(location.search);
  for (const control of form.elements) {
    control.value = given.get(control.name) ?? "";
    if (control.options && control.selectedIndex < 0) control.value = "";
  }
}

function writeAddress({ again }) {
  const address = new URL(location.href);
  address.search = asked();
  if (address.href === location.href) return;
  history[again ? "replaceState" : "pushState"](null, "", address);
}

/** The rows of all pages, in their order; fetched once, and again only where that failed. */
async function everyRow() {
  if (!pager) return rows;
  others ??= Promise.all([...pager.querySelectorAll("li a")].map(rowsOf));
  try {
    const all = (await others).flat();
    if (all.length !== Number(status.dataset.total)) throw new Error("the register has changed");
    return all;
  } catch (error) {
    others = null;
    throw error;
  }
}

async function rowsOf(link) {
  if (link.ariaCurrent === "page") return rows;
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("table.register tbody tr")].map((row) => adopted(row, link.href));
}

/** A row of another page, whose links lead from there to where they led. */
function adopted(row, address) {
  for (const name of ["href", "src"]) {
    for (const element of row.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, new URL(element.getAttribute(name), address));
    }
  }
  return document.adoptNode(row);
}

/** Show what the form asks for: no more rows than a page has, unless all of them are wanted. */
async function show({ all = false } = {}) {
  const wanted = asked();
  const mine = ++turn;
  answered = location.search;
  let known = rows;
  let failed = false;
  if (wanted.size && pager) {
    status.textContent = status.dataset.loading;
    table.ariaBusy = "true";
    try {
      known = await everyRow();
    } catch {
      failed = true;
    }
    // Something else was asked for meanwhile.
    if (mine !== turn) return;
  }
  table.ariaBusy = null;
  const found = ordered(known.filter(filter(wanted)), wanted.get("sort"));
  const shown = all || !wanted.size ? found : found.slice(0, Number(status.dataset.most));
  table.tBodies[0].replaceChildren(...shown);
  more.hidden = shown.length === found.length;
  caption.textContent = wanted.size ? caption.dataset.chosen : inOrder;
  if (pager) pager.hidden = wanted.size > 0 && !failed;
  markColumns();
  status.textContent = failed ? status.dataset.failed : said(found.length, shown.length);
}

/** How many there are, in the page's words. */
function said(found, shown) {
  const numbers = { found, shown, total: status.dataset.total };
  const words = status.dataset[!found ? "none" : shown < found ? "many" : "some"];
  return words.replace(/\{(found|shown|total)\}/g, (_, name) => numbers[name]);
}

function filter(wanted) {
  const tests = [...wanted].filter(([name]) => name in SAYS).map(([name, value]) => (row) => SAYS[name](row) === value);
  const words = folded(wanted.get("q") ?? "").split(/\s+/).filter(Boolean);
  if (words.length) tests.push((row) => words.every((word) => text(row).includes(word)));
  return (row) => tests.every((test) => test(row));
}

const texts = new WeakMap();

function text(row) {
  if (!texts.has(row)) texts.set(row, folded(row.textContent));
  return texts.get(row);
}

/** Rows that are equal in what they are ordered by stay in the order of the register. */
function ordered(found, sort) {
  if (!sort) return found;
  const key = ORDERS[sort.replace("-", "")];
  const sign = sort.startsWith("-") ? -1 : 1;
  const keyed = found.map((row) => [key(row), row]);
  const compare = typeof keyed[0]?.[0] === "number" ? (a, b) => a - b : collator.compare;
  keyed.sort(([a], [b]) => sign * compare(a, b));
  return keyed.map(([, row]) => row);
}

/** Say at each column's head whether the rows are in its order. */
function markColumns() {
  const sort = form.elements.sort.value || NEWEST_FIRST;
  for (const head of table.tHead.rows[0].cells) {
    const column = head.dataset.sort;
    head.ariaSort = sort === column ? "ascending" : sort === `-${column}` ? "descending" : null;
  }
}

/** Make a column's head a button: pressed once it orders the rows, pressed again the other way round. */
function makeButton(head) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => {
    const column = head.dataset.sort;
    const sort = (form.elements.sort.value || NEWEST_FIRST) === column ? `-${column}` : column;
    form.elements.sort.value = sort === NEWEST_FIRST ? "" : sort;
    typed = false;
    writeAddress({ again: false });
    show();
  });
  head.append(button);
}

/** On a narrow screen the heads are not seen, so the keyboard passes them by; the form has the same choice. */
function reachColumns() {
  for (const button of table.tHead.querySelectorAll("button")) button.disabled = COLUMNS_HIDDEN.matches;
}

form.addEventListener("input", (event) => {
  const again = event.target.name === "q" && typed;
  typed = event.target.name === "q";
  // A word typed letter by letter is one step back.
  writeAddress({ again });
  clearTimeout(typing);
  typing = setTimeout(show, typed ? TYPING : 0);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  show();
});
more.querySelector("button").addEventListener("click", async () => {
  // The button goes away; whoever pressed it goes on where the new rows begin.
  const next = table.tBodies[0].rows.length;
  await show({ all: true });
  table.tBodies[0].rows[next]?.querySelector("a").focus();
});
addEventListener("popstate", () => {
  clearTimeout(typing);
  // A step to another place of the page asks for nothing.
  if (location.search === answered) return;
  typed = false;
  readAddress();
  show();
});
COLUMNS_HIDDEN.addEventListener("change", reachColumns);

for (const head of table.tHead.rows[0].cells) makeButton(head);
reachColumns();
readAddress();
form.hidden = false;
show();
