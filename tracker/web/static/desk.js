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
    const file = form.querySelector("input[type=file]");
    let asked = 0;
    const look = later(async () => {
      if (file) {
        const large = file.files.length && file.files[0].size > Number(file.dataset.most);
        file.setCustomValidity(large ? "This file is too large." : "");
        if (large) file.reportValidity();
      }
      if (!form.checkValidity()) return;
      const mine = ++asked;
      const typed = new FormData(form);
      typed.set("step", "look");
      const chosen = file?.files[0];
      if (!chosen) typed.delete("file");
      const body = chosen ? typed : new URLSearchParams(typed);
      try {
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
        if (mine !== asked || answer.redirected) return;
        const text = await answer.text();
        const there = put(text, form.dataset.preview);
        // A file that has been sent is not sent again: it waits there for the form.
        if (chosen && chosen === file.files[0] && there.querySelector("#kept input")) {
          put(text, "kept");
          file.value = "";
        }
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
