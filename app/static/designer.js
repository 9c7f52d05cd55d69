// What the designer gains from scripts. Everything works without them.

"use strict";

// Expressions are checked on the server while they are typed; what is wrong is told below the field.
const editor = document.querySelector("form[data-check]");
if (editor) {
  const fields = ["f.relevant", "f.constraint", "f.choice_filter", "f.calculation"].map((id) => document.getElementById(id));
  for (const input of [...fields, ...editor.querySelectorAll("[id$='.when']")])
    if (input) watch(input, input.id === "f.required.when" ? "f.required" : input.id);
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

// The outline: its buttons act without a wait for a whole page, and questions can be dragged. The buttons remain for
// keyboards and for touch.
const FORM = "form[data-outline]";
let busy = false;
if (document.querySelector(FORM)) {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(FORM) || !event.submitter) return;
    event.preventDefault();
    act(event.submitter.value);
  });
  prepare();
  for (const name of ["dragstart", "dragover", "dragend", "drop"]) document.addEventListener(name, dragged);
}

async function act(wish) {
  if (busy) return;
  busy = true;
  const form = document.querySelector(FORM);
  const sent = new URLSearchParams(new FormData(form));
  sent.set("do", wish);
  try {
    const answer = await fetch(form.action, {method: "POST", body: sent});
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.querySelector(FORM)) throw new Error("not the outline");
    for (const part of [".messages", "main"]) document.querySelector(part).replaceChildren(...page.querySelector(part).childNodes);
    prepare();
    const main = document.querySelector("main");
    (main.querySelector("[autofocus]") ?? main).focus({preventScroll: !main.querySelector("[autofocus]")});
  } catch {
    location.reload();  // As it stands on the server; what was wished may have been done.
  } finally {
    busy = false;
  }
}

function prepare() {
  for (const item of document.querySelectorAll("[data-question]")) item.draggable = true;
  for (const link of document.querySelectorAll("[data-question] a")) link.draggable = false;
}

// Where what is dragged would come: before a question, or at the end of a page.
let moving = null, target = null;

function dragged(event) {
  if (event.type === "dragstart") {
    moving = event.target.closest?.("[data-question]");
    if (moving) event.dataTransfer.setData("text/plain", moving.dataset.question);
    return;
  }
  if (!moving) return;
  if (event.type === "dragover") {
    const page = event.target.closest?.("[data-page]");
    mark(page && place(page, event.clientY));
    if (page) event.preventDefault();
  } else if (event.type === "drop") {
    event.preventDefault();
    if (target && target.before !== moving)
      act(`place:${moving.dataset.question}:${target.page.dataset.page}:${target.before?.dataset.question ?? ""}`);
    end();
  } else {
    end();
  }
}

function place(page, height) {
  const items = [...page.querySelectorAll("[data-question]")];
  const middle = (item) => { const box = item.getBoundingClientRect(); return box.top + box.height / 2; };
  return {page, before: items.find((item) => height < middle(item)) ?? null};
}

function mark(found) {
  for (const item of document.querySelectorAll(".drop-before, .drop-end")) item.classList.remove("drop-before", "drop-end");
  target = found;
  if (found?.before) found.before.classList.add("drop-before");
  else if (found) found.page.querySelector("ol").classList.add("drop-end");
}

function end() {
  mark(null);
  moving = null;
}
