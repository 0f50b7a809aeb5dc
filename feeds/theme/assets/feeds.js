// What pages do beyond what they do without a script: search, copy, show pictures that are asked for, count days.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  // Search: rows are looked at when somebody searches for the first time, not when the page opens.
  const finder = byId("finder");
  if (finder) {
    const search = byId("search");
    const found = byId("found");
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    let groups = null;
    let planned = 0;

    const learn = () => [...document.querySelectorAll(".group")].map((section) => ({
      section,
      kind: section.dataset.kind,
      rows: [...section.querySelectorAll(".rows > li")].map((element) => {
        const link = element.firstElementChild;
        return { element, text: plain(link.textContent + " " + decodeURI(link.getAttribute("href"))) };
      }),
    }));

    const apply = () => {
      planned = 0;
      const words = plain(search.value).split(/\s+/).filter(Boolean);
      const chosen = finder.querySelector("input[name=kind]:checked");
      const kind = chosen ? chosen.value : "";
      groups = groups || learn();
      let shown = 0;
      for (const group of groups) {
        let inside = 0;
        if (!kind || kind === group.kind) {
          for (const row of group.rows) {
            const fits = words.every((word) => row.text.includes(word));
            inside += fits;
            if (row.element.hidden === fits) row.element.hidden = !fits;
          }
        }
        group.section.hidden = !inside;
        shown += inside;
      }
      const count = (number) => number.toLocaleString("en");
      found.textContent = shown === 0 ? "No feed found" : count(shown) + (shown === 1 ? " feed" : " feeds");
    };

    finder.hidden = false;
    finder.addEventListener("input", () => { planned = planned || requestAnimationFrame(apply); });
    // A browser that goes back fills the field in by itself.
    addEventListener("pageshow", () => { if (search.value) apply(); });
  }

  // Copy the address of a feed.
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) return;
    const field = byId(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without https there is no clipboard, but the old way.
      field.select();
      document.execCommand("copy");
    }
    byId("copied").textContent = "Copied";
    button.classList.add("done");
    setTimeout(() => { byId("copied").textContent = ""; button.classList.remove("done"); }, 2000);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.id === "address") event.target.select();
  });

  // A picture comes from another host: it is asked for when a reader opens it, and not before.
  document.addEventListener("toggle", (event) => {
    const link = event.target.open && event.target.querySelector("a[data-picture]");
    if (!link || link.previousElementSibling.tagName === "IMG") return;
    const image = document.createElement("img");
    image.alt = "";
    image.referrerPolicy = "no-referrer";
    if (link.dataset.width) {
      image.width = link.dataset.width;
      image.height = link.dataset.height;
    }
    image.addEventListener("error", () => { image.hidden = true; });
    image.src = link.href;
    link.before(image);
  }, true);

  // Times of the last month, as seen from now; what was written stays as the title.
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const DAY = 86400000;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const age = Date.now() - Date.parse(time.dateTime);
    if (!(age >= 0 && age < 30 * DAY)) continue;
    time.title = time.textContent;
    if (age < DAY) time.textContent = words.format(-Math.floor(age / 3600000), "hour");
    else time.textContent = words.format(-Math.floor(age / DAY), "day");
  }
})();
