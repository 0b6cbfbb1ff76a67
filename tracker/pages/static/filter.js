// The index, filtered and sorted in the page. Without this script the whole list is there, page by page.
// All that is shown is put in as text: nothing of it can become markup.
"use strict";

(() => {
  const FILE = 0, KEY = 1, TEXT = 2, LANG = 3, KIND = 4, CASE = 5, SUBJECT = 6, STATUS = 7, LIKELIHOOD = 8;
  const PERCENT = 9, TERM = 10, CONFIDENCE = 11, FOR = 12, AGAINST = 13, SINCE = 14, STALE = 15;
  const AT_ONCE = 200;
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December"];
  const CONFIDENCES = ["low", "moderate", "high"];
  const ORDERS = [
    (row) => row[TEXT].toLowerCase(), (row) => row[STATUS], (row) => row[LIKELIHOOD],
    (row) => CONFIDENCES.indexOf(row[CONFIDENCE]), (row) => row[FOR] - row[AGAINST], (row) => row[SINCE],
  ];

  const form = document.getElementById("filter");
  const table = document.getElementById("claims");
  if (!form || !table) return;
  const body = table.tBodies[0];
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const pager = document.getElementById("pager");
  const untouched = Array.from(body.rows);
  const severalCases = form.elements.case.options.length > 2;
  const heads = Array.from(table.tHead.rows[0].cells);
  let found = [];
  let shown = 0;
  let order = null;
  let loading = null;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function load() {
    if (!loading) {
      loading = new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = form.dataset.claims;
        script.onload = () => {
          for (const row of window.trackerClaims) {
            row.words = plain([row[TEXT], row[KEY], row[SUBJECT], row[CASE], row[KIND]].join(" "));
          }
          done(window.trackerClaims);
        };
        script.onerror = failed;
        document.head.append(script);
      });
    }
    return loading;
  }

  function element(name, text, attributes) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    if (text) made.append(text);
    return made;
  }

  function status(word) {
    const made = element("span", "", { class: "status is-" + word });
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    shape.setAttribute("class", "shape");
    shape.setAttribute("viewBox", "0 0 16 16");
    shape.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "#shape-" + word);
    shape.append(use);
    made.append(shape, word);
    return made;
  }

  function day(text) {
    if (!text) return "–";
    const [year, month, number] = text.split("-").map(Number);
    return element("time", number + " " + MONTHS[month - 1] + " " + year, { datetime: text });
  }

  function drawn(row) {
    const made = element("tr");
    const said = element("th", "", { scope: "row", class: "said" });
    const text = element("bdi", row[TEXT], { dir: "auto" });
    if (/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(row[LANG])) text.lang = row[LANG];
    const link = element("a", "", { href: form.dataset.root + row[FILE] });
    link.append(text);
    const extra = element("span", row[KIND], { class: "extra" });
    for (const part of [row[SUBJECT], severalCases ? row[CASE] : ""]) {
      if (part) extra.append(" · ", element("bdi", part, { dir: "auto" }));
    }
    if (row[STALE]) extra.append(" · stale");
    said.append(link, "\n", extra);
    const how = element("td");
    how.append(status(row[STATUS]));
    const likely = element("td", row[PERCENT] + " ", { "data-label": "likelihood" });
    likely.append(element("span", row[TERM], { class: "muted" }));
    const lines = "+" + row[FOR] + " −" + row[AGAINST];
    const since = element("td", "", { class: "day", "data-label": "since" });
    since.append(day(row[SINCE]));
    made.append(said, how, likely, element("td", row[CONFIDENCE], { "data-label": "confidence" }),
      element("td", lines, { class: "lines", "data-label": "lines" }), since);
    return made;
  }

  function showMore() {
    const next = found.slice(shown, shown + AT_ONCE);
    body.append(...next.map(drawn));
    shown += next.length;
    more.hidden = shown >= found.length;
  }

  function told(total) {
    const many = found.length === 1 ? "1 claim" : found.length + " claims";
    count.textContent = found.length === total ? many : many + " of " + total;
  }

  async function apply() {
    const words = plain(form.elements.words.value).split(/\s+/).filter(Boolean);
    const wanted = form.elements.wanted.value;
    const inCase = form.elements.case.value;
    const idle = !words.length && !wanted && !inCase && !order;
    pager.hidden = !idle;
    if (idle) {
      body.replaceChildren(...untouched);
      more.hidden = true;
      count.textContent = "";
      return;
    }
    const rows = await load();
    found = rows.filter((row) => (!wanted || row[STATUS] === wanted) && (!inCase || row[CASE] === inCase)
      && words.every((word) => row.words.includes(word)));
    if (order) {
      const value = ORDERS[order.column];
      const way = order.descending ? -1 : 1;
      found = found.map((row) => [value(row), row]);
      found.sort((a, b) => way * (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
      found = found.map((pair) => pair[1]);
    }
    body.replaceChildren();
    shown = 0;
    showMore();
    told(rows.length);
  }

  function sortBy(column) {
    const again = order && order.column === column;
    order = { column, descending: again ? !order.descending : column !== 0 };
    heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    apply();
  }

  heads.forEach((head, column) => {
    const button = element("button", head.textContent, { type: "button" });
    button.addEventListener("click", () => sortBy(column));
    head.replaceChildren(button);
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    order = null;
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    setTimeout(apply);
  });
  more.addEventListener("click", () => {
    const next = body.rows.length;
    showMore();
    if (body.rows[next]) body.rows[next].querySelector("a").focus();
  });
  form.hidden = false;
})();
