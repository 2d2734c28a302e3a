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

  /** Put `values` in the place of their names in braces. Text stays text, and keeps the way it runs
   *  to itself; a node stands as it is. */
  function filled(node, values) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (PLACE.test(walker.currentNode.data)) texts.push(walker.currentNode);
    for (const text of texts) {
      const parts = text.data.split(PLACE).map((part, index) => (index % 2 ? standing(values[part] ?? "") : part));
      text.replaceWith(...parts);
    }
    return node;
  }

  function standing(value) {
    return value instanceof Node ? value.cloneNode(true) : isolated(value);
  }

  /** Text in an element of its own; `language` where it is another than the page's. */
  function isolated(text, language) {
    return Object.assign(document.createElement("bdi"), { textContent: text }, language && { lang: language });
  }

  /** A day (year-month-day) in the words of the page. */
  function day(text, locale) {
    const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
    return format.format(new Date(`${text}T00:00:00Z`));
  }

  globalThis.ismpe = { ...globalThis.ismpe, chosen, filled, isolated, day };
}
