(() => {
  const forms = [...document.querySelectorAll("details.form")];
  const field = id => document.getElementById(id);
  const filters = ["profile", "class", "mode", "chapter", "text"].map(field);
  const count = field("count");
  function show() {
    const [profile, cls, mode, chapter, text] = filters.map(f => f.value);
    const words = text.toLowerCase().split(/\s+/).filter(w => w);
    let shown = 0;
    for (const form of forms) {
      const verdicts = [...form.querySelectorAll(".badge")].filter(b => !profile || b.dataset.profile === profile);
      const visible = (!chapter || form.dataset.chapter === chapter)
        && words.every(w => form.dataset.text.includes(w))
        && verdicts.some(b => (!cls || b.dataset.class === cls) && (!mode || b.dataset.access.split(" ").includes(mode)));
      form.classList.toggle("hidden", !visible);
      for (const badge of form.querySelectorAll(".badge, section[data-profile]")) badge.classList.toggle("hidden", !!profile && badge.dataset.profile !== profile);
      if (visible) shown++;
    }
    count.textContent = shown + " of " + forms.length + " forms";
  }
  for (const f of filters) f.addEventListener("input", show);
  document.addEventListener("keydown", e => {
    const typing = /INPUT|SELECT/.test(document.activeElement.tagName);
    if (e.key === "/" && !typing) { e.preventDefault(); field("text").focus(); return; }
    if (e.key === "Escape" && typing) { document.activeElement.blur(); return; }
    if (typing || (e.key !== "j" && e.key !== "k")) return;
    const visible = forms.filter(f => !f.classList.contains("hidden")).map(f => f.querySelector("summary"));
    const at = visible.indexOf(document.activeElement);
    const next = visible[Math.max(0, Math.min(visible.length - 1, at + (e.key === "j" ? 1 : -1)))];
    if (next) next.focus();
  });
  window.addEventListener("beforeprint", () => forms.filter(f => !f.classList.contains("hidden") && f.dataset.critical).forEach(f => { f.open = true; }));
  show();
})();
