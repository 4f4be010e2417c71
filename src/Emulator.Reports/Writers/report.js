(() => {
  const field = id => document.getElementById(id);
  const { profiles, access, sources } = JSON.parse(field("data").textContent);
  const modes = access.map(a => a.split(" "));
  const forms = [...document.querySelectorAll("main details[data-verdicts]")].map(element => ({
    element, summary: element.firstElementChild, cells: element.firstElementChild.querySelectorAll("i"), chapter: element.parentElement,
    text: element.firstElementChild.textContent.toLowerCase(),
    verdicts: element.dataset.verdicts.split(" ").map(v => v === "-" ? null : { cls: v.split("/")[0], access: modes[v.split("/")[1]] }),
  }));
  const chapters = [...document.querySelectorAll("section.chapter")];
  const filters = ["profile", "class", "mode", "chapter", "text", "differ"].map(field).filter(f => f);
  const value = id => { const f = field(id); return !f ? "" : f.type === "checkbox" ? f.checked : f.value; };

  function show() {
    const cls = value("class"), mode = value("mode"), chapter = value("chapter"), differ = value("differ");
    const words = value("text").toLowerCase().split(/\s+/).filter(w => w);
    const profile = profiles.indexOf(value("profile"));
    const live = new Set();
    let shown = 0;
    for (const form of forms) {
      const verdicts = form.verdicts.filter((v, i) => v && (profile < 0 || i === profile));
      const visible = (!chapter || form.chapter.firstElementChild.textContent === chapter)
        && words.every(w => form.text.includes(w))
        && verdicts.some(v => (!cls || (cls === "notable" ? v.cls !== "innocuous" : v.cls === cls)) && (!mode || v.access.includes(mode)))
        && (!differ || new Set([...form.cells].map(c => c.textContent)).size > 1);
      form.element.hidden = !visible;
      if (visible) { shown++; live.add(form.chapter); }
    }
    for (const c of chapters) c.hidden = !live.has(c);
    for (const row of document.querySelectorAll(".row")) [...row.children].forEach((c, i) => c.classList.toggle("off", profile >= 0 && i >= 2 && i - 2 !== profile));
    for (const s of document.querySelectorAll("[data-profiles]")) s.hidden = profile >= 0 && !s.dataset.profiles.split(" ").includes(profiles[profile]);
    field("count").textContent = shown + " of " + forms.length + " forms";
  }

  function fill(element) {
    const spec = element.querySelector(".spec");
    if (!spec || spec.querySelector("pre")) return;
    const { line, text } = sources[spec.dataset.source];
    const marks = new Set(spec.dataset.marks.split(" ").map(Number));
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    text.split("\n").forEach((content, i) => {
      const row = document.createElement(marks.has(line + i) ? "mark" : "span");
      row.dataset.line = line + i;
      row.textContent = content + "\n";
      pre.append(row);
    });
    spec.append(pre);
  }

  function clear(cls) {
    field("filters").reset();
    field("class").value = cls;
    show();
  }

  function reveal(id) {
    const form = forms.find(f => f.element.id === id);
    if (!form) return;
    if (form.element.hidden) clear("");
    form.element.open = true;
    fill(form.element);
    form.summary.focus({ preventScroll: true });
    form.summary.scrollIntoView({ block: "start" });
  }

  for (const f of filters) f.addEventListener("input", show);
  field("filters").addEventListener("submit", e => e.preventDefault());
  field("clear").addEventListener("click", () => clear(""));
  for (const form of forms) form.element.addEventListener("toggle", () => { if (form.element.open) fill(form.element); });
  document.addEventListener("click", e => {
    const link = e.target.closest("a[data-find]");
    if (!link) return;
    const form = forms.find(f => f.summary.firstElementChild.textContent === link.dataset.find && f.verdicts.some(v => v && v.cls === "critical"));
    if (form) { e.preventDefault(); history.replaceState(null, "", "#" + form.element.id); reveal(form.element.id); }
  });
  window.addEventListener("hashchange", () => reveal(decodeURIComponent(location.hash.slice(1))));

  const themes = ["system", "light", "dark"];
  field("theme").addEventListener("click", e => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme || "system") + 1) % 3];
    document.documentElement.dataset.theme = next;
    e.target.textContent = "Theme: " + next;
  });

  document.addEventListener("keydown", e => {
    const typing = /INPUT|SELECT/.test(document.activeElement.tagName);
    if (e.key === "Escape" && typing) { document.activeElement.blur(); return; }
    if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "/") { e.preventDefault(); field("text").focus(); return; }
    if (e.key === "x") { clear(""); return; }
    if (e.key !== "j" && e.key !== "k") return;
    const visible = forms.filter(f => !f.element.hidden).map(f => f.summary);
    const next = visible[Math.max(0, Math.min(visible.length - 1, visible.indexOf(document.activeElement) + (e.key === "j" ? 1 : -1)))];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  });

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = forms.filter(f => !f.element.hidden && !f.element.open && f.verdicts.some(v => v && v.cls === "critical"));
    for (const f of opened) { f.element.open = true; fill(f.element); }
  });
  window.addEventListener("afterprint", () => { for (const f of opened) f.element.open = false; opened = []; });

  field("class").value = "notable";
  show();
  if (location.hash) reveal(decodeURIComponent(location.hash.slice(1)));
})();
