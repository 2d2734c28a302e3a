// What a template offers becomes an answer: of the parts that say what they are for, those that are true stay, and the
// names in braces become values. Every word is the page's.
"use strict";

{
  const PLACE = /\{(\w+)\}/;

  /** A copy of the template's element: parts whose `data-for` names none of `facts` are left out. */
  function chosen(template, facts) {
    const node = template.content.firstElementChild.cloneNode(true);
    for (const part of node.querySelectorAll("[data-for]")) {
      if (!part.dataset.for.split(" ").some((fact) => facts.has(fact))) part.remove();
    }
    return node;
  }

  /** Put `values` in the place of their names in braces. They stay text, and keep the way they run to themselves. */
  function filled(node, values) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (PLACE.test(walker.currentNode.data)) texts.push(walker.currentNode);
    for (const text of texts) {
      const parts = text.data.split(PLACE).map((part, index) => (index % 2 ? isolated(values[part] ?? "") : part));
      text.replaceWith(...parts);
    }
    return node;
  }

  function isolated(text) {
    return Object.assign(document.createElement("bdi"), { textContent: text });
  }

  /** A day (year-month-day) in the words of the page. */
  function day(text, locale) {
    const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
    return format.format(new Date(`${text}T00:00:00Z`));
  }

  globalThis.ismpe = { ...globalThis.ismpe, chosen, filled, day };
}
