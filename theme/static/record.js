// The reader's record (rnnbook/records.py): it stays in this browser, until it is saved or forgotten.
{
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
  const exercises = [...document.querySelectorAll(".bd-article .exercise[id]")];
  const KEY = `record:${new URL(".", document.currentScript.src).pathname}`; // one for the whole book
  let memory = null; // where nothing can be kept, until the page is left

  const read = () => {
    let record = memory;
    try {
      record = JSON.parse(localStorage.getItem(KEY)) ?? memory;
    } catch {}
    return record?.id && record.exercises ? record : null;
  };
  const write = (record) => {
    memory = record;
    try {
      if (record) localStorage.setItem(KEY, JSON.stringify(record));
      else localStorage.removeItem(KEY);
      memory = null;
    } catch {}
    show();
  };
  const drawn = () =>
    [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const add = ({ book, verdicts }) => {
    const record = read() ?? { record: 1, id: drawn(), book, name: "", exercises: {} };
    record.book = book;
    for (const [label, verdict] of verdicts) {
      const told = (record.exercises[label] ??= {});
      if (!told.right) told[verdict] = (told[verdict] ?? 0) + 1;
    }
    write(record);
  };

  // ---- the board ----

  const board = make("details", { className: "board" });
  board.dataset.paper = "out";
  const summary = make("summary");
  const list = make("ul");
  const name = make("input", { maxLength: 80, autocomplete: "off" });
  const label = make("label", { textContent: "Your name, if you like: " });
  label.append(name);
  const save = make("button", { type: "button", textContent: "Save my record" });
  const forget = make("button", { type: "button", textContent: "Forget it" });
  const bar = make("div", { className: "run-bar" });
  bar.append(label, save, forget);
  const words =
    "Your record says which exercises of the book you tried, how often, and which mistakes the book knew." +
    " It holds no code, and it stays in this browser until you save it and hand it in.";
  board.append(summary, list, make("div", { textContent: words }), bar);

  const state = (told) => {
    const { right, "not yet": untouched, ...wrong } = told ?? {};
    const tries = Object.values(wrong).reduce((sum, times) => sum + times, 0);
    return right ? "passed" : tries ? `not yet, ${tries} ${tries === 1 ? "try" : "tries"}` : "not tried";
  };

  function show() {
    const record = read();
    const states = exercises.map(({ id }) => state(record?.exercises[id]));
    const passed = states.filter((one) => one === "passed").length;
    const dots = make("span", { textContent: states.map((one) => (one === "passed" ? "●" : "○")).join("") });
    dots.ariaHidden = "true";
    summary.replaceChildren(dots, ` ${passed} of ${exercises.length} passed`);
    list.replaceChildren(
      ...exercises.map(({ id }, k) => {
        const item = make("li");
        item.append(make("a", { href: `#${id}`, textContent: `Exercise ${k + 1}` }), `: ${states[k]}`);
        return item;
      }),
    );
    bar.hidden = !record;
  }

  save.onclick = () => {
    const record = { ...read(), name: name.value.trim() };
    const file = new Blob([`${JSON.stringify(record, null, 1)}\n`], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(file), download: `record-${record.id.slice(0, 8)}.json` });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  forget.onclick = () => confirm("Forget which exercises of this book you have tried?") && write(null);
  document.addEventListener("verdicts", ({ detail }) => add(detail));
  addEventListener("storage", ({ key }) => key === KEY && show()); // written by another tab
  exercises[0].before(board);
  show();
}
