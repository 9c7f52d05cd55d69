// What the designer gains from scripts. Everything works without them.

"use strict";

// Expressions are checked on the server while they are typed; what is wrong is told below the field.
const editor = document.querySelector("form[data-check]");
if (editor) {
  const fields = ["f.relevant", "f.constraint", "f.choice_filter", "f.calculation", "f.required.when"];
  for (const id of fields) {
    const input = document.getElementById(id);
    if (input) watch(input, id === "f.required.when" ? "f.required" : id);
  }
}

function watch(input, field) {
  const told = document.createElement("p");
  told.className = "error checked";
  told.setAttribute("role", "status");
  input.after(told);
  let waiting = 0, asked = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 400);
  });
  async function check() {
    const number = ++asked;
    const sent = new URLSearchParams({
      csrf_token: editor.elements.csrf_token.value, field, source: input.value,
      name: editor.dataset.name, page: editor.dataset.page, kind: editor.dataset.kind,
    });
    try {
      const answer = await fetch(editor.dataset.check, {method: "POST", body: sent});
      if (!answer.ok || number !== asked) return;
      told.textContent = (await answer.json()).messages.join(" ");
    } catch { /* Without an answer the check comes when the form is saved. */ }
  }
}
