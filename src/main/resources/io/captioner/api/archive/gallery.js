const SIZE = 24;
const KEY = "captioner.key";
const captions = new URL("../captions", location.href.replace(/[?#].*$/, ""));
const $ = id => document.getElementById(id);
let page = 0;
let round = 0;
let pictures = [];

class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function call(path, options = {}) {
  const headers = new Headers(options.headers);
  const key = sessionStorage.getItem(KEY);
  if (key) {
    headers.set("X-API-Key", key);
  }
  let response;
  try {
    response = await fetch(captions.href + path, { ...options, headers });
  } catch {
    throw new Refusal(0, "The service cannot be reached: check the connection, and try again.");
  }
  if (response.ok) {
    return response;
  }
  let detail = `The service answered with status ${response.status}.`;
  try {
    detail = (await response.json()).detail ?? detail;
  } catch {
    // An answer of a proxy: its status is all that is known.
  }
  const wait = response.headers.get("Retry-After");
  throw new Refusal(response.status, wait ? `${detail} (${wait} s)` : detail);
}

function say(text) {
  $("status").textContent = text;
}

function explain(refusal) {
  if (refusal.status === 401) {
    $("access").hidden = false;
    $("key").focus();
  }
  say(refusal instanceof Refusal ? refusal.message : `The page failed: ${refusal.message}`);
}

function parameters() {
  const wanted = new URLSearchParams({ page, size: SIZE, sort: $("sort").value });
  const set = (name, value) => value && wanted.set(name, value);
  set("query", $("query").value.trim());
  const day = (id, days) => {
    if (!$(id).value) {
      return "";
    }
    const [year, month, date] = $(id).value.split("-").map(Number);
    return new Date(year, month - 1, date + days).toISOString();
  };
  set("from", day("from", 0));
  set("to", day("to", 1));
  if ($("minConfidence").value !== "") {
    wanted.set("minConfidence", $("minConfidence").valueAsNumber / 100);
  }
  return wanted;
}

async function search(move) {
  const mine = ++round;
  say("Searching …");
  try {
    const found = await (await call(`?${parameters()}`)).json();
    if (mine !== round) {
      return;
    }
    $("access").hidden = true;
    show(found);
    if (move) {
      $("found").focus();
    }
  } catch (refusal) {
    if (mine === round) {
      explain(refusal);
    }
  }
}

function show(found) {
  pictures.forEach(URL.revokeObjectURL);
  pictures = [];
  $("entries").replaceChildren(...found.entries.map(item));
  const pages = Math.max(1, Math.ceil(found.total / SIZE));
  say(found.total === 0 ? "Nothing was found." : `${found.total} found.`);
  $("pages").hidden = pages === 1;
  $("place").textContent = `Page ${found.page + 1} of ${pages}`;
  $("previous").disabled = found.page === 0;
  $("next").disabled = found.page + 1 >= pages;
}

function item(entry) {
  const li = $("entry").content.cloneNode(true).querySelector("li");
  const part = name => li.querySelector(name);
  const write = () => {
    const text = entry.correction?.text ?? entry.text;
    part(".text").textContent = text;
    part("img").alt = text;
    part(".model-text").hidden = !entry.correction;
    part(".model-text").textContent = `The model wrote: ${entry.text}`;
    part(".remove").hidden = !entry.correction;
    for (const name of [".edit", ".copy", ".delete"]) {
      part(name).setAttribute("aria-label", `${part(name).textContent}: ${text}`);
    }
  };
  const when = new Date(entry.time).toLocaleString();
  part(".facts").textContent =
    `${entry.filename ? `${entry.filename}, ` : ""}${when}, confidence ${Math.round(entry.confidence * 100)} %`;
  write();
  picture(entry.id, part("img"));

  const form = part(".correction");
  const close = () => {
    form.hidden = true;
    part(".edit").focus();
  };
  part(".edit").onclick = () => {
    form.hidden = false;
    form.querySelector("textarea").value = entry.correction?.text ?? entry.text;
    form.querySelector("textarea").focus();
  };
  part(".cancel").onclick = close;
  form.onkeydown = event => event.key === "Escape" && close();
  const change = async (options, done) => {
    try {
      entry = await (await call(`/${entry.id}/correction`, options)).json();
      write();
      close();
      say(done);
    } catch (refusal) {
      explain(refusal);
    }
  };
  form.onsubmit = event => {
    event.preventDefault();
    change(
      {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text: form.querySelector("textarea").value }),
      },
      "The correction is saved.",
    );
  };
  part(".remove").onclick = () => change({ method: "DELETE" }, "The correction is removed.");
  part(".copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(entry.correction?.text ?? entry.text);
      say("The text is copied.");
    } catch {
      say("The browser did not allow to copy: select the text, and copy it.");
    }
  };
  part(".delete").onclick = async () => {
    $("confirm-text").textContent = entry.correction?.text ?? entry.text;
    $("confirm").returnValue = "no";
    $("confirm").showModal();
    await new Promise(closed => $("confirm").addEventListener("close", closed, { once: true }));
    if ($("confirm").returnValue !== "yes") {
      return;
    }
    try {
      await call(`/${entry.id}`, { method: "DELETE" });
      await search(true);
      say("The entry is deleted.");
    } catch (refusal) {
      explain(refusal);
    }
  };
  return li;
}

/** The header with the key cannot be sent for an address in `src`. */
async function picture(id, image) {
  try {
    const address = URL.createObjectURL(await (await call(`/${id}/thumbnail`)).blob());
    pictures.push(address);
    image.src = address;
  } catch {
    image.hidden = true;
  }
}

$("search").onsubmit = event => {
  event.preventDefault();
  page = 0;
  search(true);
};
$("access").onsubmit = event => {
  event.preventDefault();
  sessionStorage.setItem(KEY, $("key").value.trim());
  $("key").value = "";
  search(true);
};
$("previous").onclick = () => {
  page--;
  search(true);
};
$("next").onclick = () => {
  page++;
  search(true);
};
search(false);
