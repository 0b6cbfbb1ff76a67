// Makes the desk quicker; nothing needs it. It asks this server alone, and for what its pages show anyway.
"use strict";

(() => {
  const later = (act, wait) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(act, wait); };
  };

  // Takes one part of a page that was answered, and puts it in the place of the same part here.
  const put = (text, id) => {
    const there = new DOMParser().parseFromString(text, "text/html");
    const fresh = there.getElementById(id);
    const here = document.getElementById(id);
    if (fresh && here) {
      for (const each of fresh.querySelectorAll("[autofocus]")) each.removeAttribute("autofocus");
      here.replaceChildren(...fresh.childNodes);
    }
    return there;
  };

  // Search as one types.
  for (const form of document.querySelectorAll("form[data-live]")) {
    let asked = 0;
    const find = later(async () => {
      const mine = ++asked;
      const words = new URLSearchParams(new FormData(form));
      for (const [name, value] of [...words]) if (!value) words.delete(name);
      const address = `${form.getAttribute("action")}?${words}`;
      try {
        const answer = await fetch(address, { headers: { Accept: "text/html" } });
        if (answer.ok && mine === asked) {
          put(await answer.text(), form.dataset.live);
          history.replaceState(null, "", address);
        }
      } catch { /* the form still works */ }
    }, 250);
    form.addEventListener("input", find);
  }

  // What a form would do, in its place, as it is being filled in.
  for (const form of document.querySelectorAll("form[data-preview]")) {
    const save = form.querySelector("#save");
    let asked = 0;
    const look = later(async () => {
      if (!form.checkValidity()) return;
      const mine = ++asked;
      const typed = new URLSearchParams(new FormData(form));
      typed.set("step", "look");
      try {
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body: typed });
        if (mine !== asked || answer.redirected) return;
        const there = put(await answer.text(), form.dataset.preview);
        if (answer.ok && there.getElementById("save")) save.hidden = false;
      } catch { /* the button still works */ }
    }, 500);
    form.addEventListener("change", look);
  }

  // Single keys, where nothing is being typed.
  const places = { n: "/do/claim", r: "/review", "?": "/keys" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea")) return;
    const search = document.querySelector("input[type=search]");
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (link) {
      event.preventDefault();
      link.click();
    } else if (places[event.key]) {
      event.preventDefault();
      location.assign(places[event.key]);
    }
  });
})();
