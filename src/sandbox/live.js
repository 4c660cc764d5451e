"use strict";

// Keeps the dashboard up to date; without it the page reloads itself.
const PAUSE = 1000;
const lost = document.getElementById("lost");

function keep(old, fresh) {
  for (const details of old.querySelectorAll("details[open]")) {
    const same = fresh.querySelector("#" + CSS.escape(details.id));
    if (same) same.open = true;
  }
}

async function look() {
  const main = document.querySelector("main");
  // Somebody who is choosing or typing is not interrupted.
  const busy = main.querySelector("select:focus, input:focus");
  if (document.hidden || busy) return;
  const query = new URLSearchParams(location.search);
  query.set("version", main.dataset.version);
  const answer = await fetch("/live?" + query, { cache: "no-store" });
  if (answer.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("main");
  if (!fresh || main.querySelector("select:focus, input:focus")) return;
  const focus = document.activeElement && document.activeElement.id;
  keep(main, fresh);
  main.replaceWith(document.adoptNode(fresh));
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

async function loop() {
  try {
    await look();
    lost.textContent = "";
  } catch {
    lost.textContent = "The sandbox does not answer. It may have been stopped.";
  }
  setTimeout(loop, PAUSE);
}

document.addEventListener("visibilitychange", () => look().catch(() => {}));
setTimeout(loop, PAUSE);
