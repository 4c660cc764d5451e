"use strict";

// Keeps a page of the dashboard up to date by changing what has changed; without it the page is as it was loaded.
// Focus, selection, scroll position, what is unfolded and what is half chosen stay, because their elements stay.
const PAUSE = 1000;
const state = document.getElementById("state");
const lost = document.getElementById("lost");
const pause = document.getElementById("pause");
const main = () => document.getElementById("main");
let isPaused = false;
let showsAll = false;
let lastSeen = new Date();

document.documentElement.classList.add("js");

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // What the user has unfolded stays so.
    if (!fresh.hasAttribute(name) && !(name === "open" && old.matches("details"))) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function fits(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && (old.id || "") === (fresh.id || "");
}

function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return;
  }
  attributes(old, fresh);
  // A form that somebody fills in is theirs.
  if (old.matches(".search, select")) return;
  if (old.matches("[data-list]")) hold(old, fresh);
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const known = next.id && [...old.children].find((child) => child.id === next.id);
    if (known) {
      while (at && at !== known && !(at.id && fresh.querySelector("#" + CSS.escape(at.id)))) at = drop(at);
      if (at !== known) old.insertBefore(known, at);
      else at = at.nextSibling;
      patch(known, next);
    } else if (at && fits(at, next)) {
      patch(at, next);
      at = at.nextSibling;
    } else {
      old.insertBefore(next, at);
    }
  }
  while (at) at = drop(at);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// Whether rows may move: not under the pointer, a selection, the focus, or somebody who has scrolled.
function mayShift(list) {
  const selection = getSelection();
  const isSelected = !selection.isCollapsed && main().contains(selection.anchorNode);
  return showsAll || !list.children.length ||
    !(scrollY > 40 || isSelected || list.matches(":hover") || list.contains(document.activeElement));
}

// Leaves new rows out of a list that must not shift, and tells how many there are.
function hold(old, fresh) {
  const known = new Set([...old.children].map((row) => row.id));
  const added = [...fresh.children].filter((row) => !known.has(row.id));
  let pill = document.getElementById("new");
  if (!added.length || mayShift(old)) {
    pill?.remove();
    return;
  }
  const kept = new Set([...fresh.children].map((row) => row.id));
  for (const row of added) row.remove();
  // They have been pushed off the page by what is new.
  for (const row of [...old.children].filter((row) => !kept.has(row.id))) fresh.append(row.cloneNode(true));
  if (!pill) {
    pill = document.createElement("button");
    pill.id = "new";
    pill.className = "primary";
    pill.addEventListener("click", () => {
      showsAll = true;
      main().focus({ preventScroll: true });
      scrollTo({ top: 0 });
      main().dataset.version = "";
      look().finally(() => { showsAll = false; });
    });
    document.body.append(pill);
  }
  const text = added.length + " new";
  if (pill.textContent !== text) pill.textContent = text;
}

async function look() {
  const known = main().dataset.version;
  const answer = await fetch(location.href, { cache: "no-store", headers: { "X-Known-Version": known } });
  if (answer.status === 204) return;
  // An answer that says no is shown as well: what the page was about may be forgotten.
  if (!answer.headers.get("content-type")?.startsWith("text/html")) throw new Error("HTTP " + answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (!fresh) throw new Error("HTTP " + answer.status);
  // Said once, by the page that the act has led to.
  if (location.search.includes("done=")) for (const notice of fresh.querySelectorAll(".notice")) notice.remove();
  const said = main().querySelector(".notice");
  if (said) fresh.prepend(said.cloneNode(true));
  patch(main(), fresh);
  document.title = page.title;
}

async function loop() {
  if (!isPaused && !document.hidden) {
    try {
      await look();
      lastSeen = new Date();
      lost.textContent = "";
      say("Live");
    } catch (error) {
      const why = error instanceof TypeError ? "It may have been stopped." : "It answered " + error.message + ".";
      lost.textContent = "The sandbox does not answer as it should. " + why + " What you see is from " + lastSeen.toLocaleTimeString() + ".";
      say("Not live");
    }
  }
  setTimeout(loop, PAUSE);
}

pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", isPaused);
  pause.textContent = isPaused ? "Go on" : "Pause";
  say(isPaused ? "Paused" : "Live");
});

async function copy(button) {
  const from = document.getElementById(button.dataset.copyFrom);
  const text = from ? from.textContent : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Only a page from this machine may use the clipboard: what is to be copied is selected instead.
    if (from) getSelection().selectAllChildren(from);
    return;
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".copy");
  if (button) copy(button);
});

// How much of a file is sent at a time, in characters: a request holds as many of any kind, and a little more.
const PART = 300_000;

// A file that one request cannot hold is sent in parts; it is imported with the last one.
async function sendParts(form, file) {
  const parts = [""];
  for (const line of (await file.text()).split("\n")) {
    if (!line) continue;
    if (parts.at(-1) && parts.at(-1).length + line.length > PART) parts.push("");
    parts[parts.length - 1] += line + "\n";
  }
  const id = String(Math.random());
  for (const [index, part] of parts.entries()) {
    const fields = new FormData(form);
    fields.set("file", new Blob([part]));
    for (const [name, value] of [["import", id], ["part", index + 1], ["parts", parts.length]]) fields.set(name, value);
    const answer = await fetch("/controls", { method: "POST", body: fields, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error("HTTP " + answer.status);
  }
}

document.addEventListener("submit", async (event) => {
  const file = event.target.elements.file?.files[0];
  if (!file || file.size <= PART) return;
  event.preventDefault();
  try {
    await sendParts(event.target, file);
    location.href = "/controls?done=import";
  } catch (error) {
    const notice = document.createElement("p");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = "The file was not imported, and nothing has changed: " + error.message + ".";
    main().prepend(notice);
  }
});

say("Live");
setTimeout(loop, PAUSE);
