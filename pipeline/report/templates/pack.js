"use strict";
// The pack works without this script; with it the index filters, the story's tags can be switched, and printing has a choice.
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const unhide = (selector) => all(selector).forEach((element) => { element.hidden = false; });

  // The index: a search box and choices, all of which must fit.
  const filters = document.querySelector(".filters");
  if (filters) {
    const find = document.getElementById("find");
    const count = document.getElementById("count");
    const nothing = document.querySelector(".nothing");
    const selects = all("select", filters);
    const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const groups = all(".category").map((section) => {
      const name = section.querySelector("h2 bdi").textContent;
      const entries = all("li", section).map((item) => ({
        item,
        tokens: new Set(item.dataset.f.split(" ")),
        text: folded(`${item.querySelector("a").textContent} ${item.querySelector(".facts-line").textContent} ${name}`),
      }));
      return { section, entries };
    });
    const total = groups.reduce((sum, group) => sum + group.entries.length, 0);
    const apply = () => {
      const words = folded(find.value).split(/\s+/).filter(Boolean);
      const wanted = selects.map((select) => select.value).filter(Boolean);
      let shown = 0;
      for (const { section, entries } of groups) {
        let here = 0;
        for (const { item, tokens, text } of entries) {
          const fits = wanted.every((token) => tokens.has(token)) && words.every((word) => text.includes(word));
          item.hidden = !fits;
          here += fits;
        }
        section.hidden = here === 0;
        shown += here;
      }
      nothing.hidden = shown > 0;
      count.textContent = shown === total ? `All ${total} on this page` : `${shown} of ${total}`;
    };
    filters.addEventListener("input", apply);
    filters.addEventListener("reset", () => setTimeout(apply));
    filters.addEventListener("submit", (event) => event.preventDefault());
    unhide(".filters");
    apply();
  }

  // The story: tags of a framework switched on and off; a sentence none of whose tags is left loses its line and number.
  for (const toggles of all(".toggles")) {
    const story = toggles.closest(".story");
    const boxes = all("input", toggles);
    const marked = all(".tagged, .ref, .margin > li", story);
    const apply = () => {
      const off = boxes.filter((box) => !box.checked).map((box) => box.value);
      boxes.forEach((box) => story.classList.toggle(`hide-${box.value}`, !box.checked));
      for (const element of marked) {
        const own = [...element.classList].filter((name) => /^f\d+$/.test(name));
        element.classList.toggle("off", own.every((name) => off.includes(name)));
      }
    };
    toggles.addEventListener("change", apply);
    toggles.hidden = false;
    apply();
  }

  // Printing: two pages, or the full text too.
  for (const box of all(".print-box")) {
    box.addEventListener("submit", (event) => { event.preventDefault(); window.print(); });
    const choose = () => document.body.classList.toggle("with-story", box.elements.story.checked);
    box.addEventListener("change", choose);
    box.hidden = false;
    choose();
  }
})();
