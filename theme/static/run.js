// Lets the reader run and change the code of a page. Nothing is fetched before the first Run.

// ---- Python, in a worker; own.js has one too ----

class Python {
  static #script = new URL("python.js", document.currentScript.src);
  #worker;
  #waiting = new Map();
  #count = 0;

  ask(message, hear = () => {}) {
    if (location.protocol === "file:") {
      return { failed: "From a file no code runs here: open the book by `make serve`, or online." };
    }
    this.#worker ??= this.#start();
    const id = ++this.#count;
    return new Promise((done) => {
      this.#waiting.set(id, { hear, done });
      this.#worker.postMessage({ id, ...message });
    });
  }

  // Whatever Python is doing, it ends; its values end with it.
  stop(answer = { stopped: true }) {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { done } of this.#waiting.values()) done(answer);
    this.#waiting.clear();
  }

  #start() {
    const worker = new Worker(Python.#script, { type: "module" });
    worker.onmessage = ({ data }) => {
      const { hear, done } = this.#waiting.get(data.id) ?? {};
      if (!data.done) return hear?.(data);
      this.#waiting.delete(data.id);
      done?.(data);
    };
    worker.onerror = () => this.stop({ failed: "Python could not start: is there a connection?" });
    return worker;
  }
}

{
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

  // ---- what is typed outlives the visit; where it cannot be kept, nothing breaks ----

  const KEY = `code:${location.pathname}`;
  const store = {
    all() {
      try {
        return JSON.parse(localStorage.getItem(KEY)) ?? {};
      } catch {
        return {};
      }
    },
    set(number, entry) {
      const all = { ...this.all(), [number]: entry };
      if (!entry) delete all[number];
      try {
        if (Object.keys(all).length) localStorage.setItem(KEY, JSON.stringify(all));
        else localStorage.removeItem(KEY);
      } catch {}
    },
  };

  // ---- one cell ----

  class Cell {
    constructor(element, number, page) {
      Object.assign(this, { element, number, page });
      this.input = element.querySelector(".cell_input");
      this.code = this.input.querySelector("pre");
      this.printed = this.code.textContent.replace(/\n$/, "");
      this.exercise = element.classList.contains("tag_exercise");
      this.apart = this.exercise || element.classList.contains("tag_solution");
      this.output = element.querySelector(".cell_output") ?? this.#place();
      this.before = [...this.output.childNodes];

      this.run = make("button", { type: "button", className: "run" });
      this.offer(this.exercise ? "Check" : "Run");
      this.run.onclick = () => page.run(this);
      this.edit = make("button", { type: "button", textContent: "Edit" });
      this.edit.setAttribute("aria-label", `Edit cell ${number}`);
      this.edit.onclick = () => this.open();
      this.note = make("span", { textContent: slow(element.dataset) });
      const bar = make("div", { className: "run-bar" });
      bar.append(this.run, this.edit, this.note);
      this.input.after(bar);
    }

    #place() {
      const output = make("div", { className: "cell_output" });
      this.element.append(output);
      return output;
    }

    get source() {
      return this.editor ? this.editor.value : this.printed;
    }

    open(text = this.printed, focus = true) {
      this.editor = make("textarea", { value: text, spellcheck: false, wrap: "off" });
      this.editor.autocapitalize = this.editor.autocomplete = "off";
      this.editor.setAttribute("aria-label", `Code of cell ${this.number}`);
      this.editor.oninput = () => this.changed();
      this.editor.onkeydown = (event) => this.#pressed(event);
      this.code.parentElement.hidden = true;
      this.code.parentElement.after(this.editor);
      this.edit.hidden = true;
      this.undo = make("button", { type: "button", textContent: "Undo changes" });
      this.undo.onclick = () => {
        this.restore();
        this.run.focus(); // where one would look for the button that has just gone
      };
      this.note.before(this.undo);
      this.#fit();
      if (focus) this.editor.focus();
    }

    changed() {
      this.#fit();
      const same = this.source === this.printed;
      store.set(this.number, same ? null : { code: this.source, printed: this.printed });
      this.page.count();
    }

    #fit() {
      this.editor.rows = this.source.split("\n").length + 1;
      this.undo.hidden = this.source === this.printed;
      this.#mark(null);
    }

    // Enter keeps the indentation; Shift+Enter runs. Tab leaves, so that nobody is caught.
    #pressed(event) {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (event.shiftKey || event.ctrlKey || event.metaKey) return void this.page.run(this);
      const { value, selectionStart, selectionEnd } = this.editor;
      const line = value.slice(0, selectionStart).split("\n").at(-1);
      const deeper = /:\s*(#.*)?$/.test(line) ? "    " : "";
      const text = `\n${line.match(/^ */)[0]}${deeper}`;
      this.editor.setRangeText(text, selectionStart, selectionEnd, "end");
      this.changed();
    }

    restore() {
      this.editor?.remove();
      this.undo?.remove();
      this.editor = this.undo = undefined;
      this.code.parentElement.hidden = false;
      this.edit.hidden = false;
      this.#mark(null);
      store.set(this.number, null);
      this.output.replaceChildren(...this.before);
      this.note.textContent = slow(this.element.dataset);
      if (this.exercise) this.open(this.printed, false);
      this.page.count();
    }

    offer(name) {
      this.run.textContent = name;
      this.run.setAttribute("aria-label", `${name} cell ${this.number}`);
    }

    get doing() {
      return this.exercise ? "Checking …" : "Running …";
    }

    // A verdict goes as soon as the next one is on its way; its place is kept until then.
    begin() {
      this.offer("Stop");
      if (!this.exercise) return;
      this.output.classList.add("run-old");
      this.tell(this.doing);
    }

    end() {
      this.offer(this.exercise ? "Check" : "Run");
      if (this.output.classList.contains("run-old")) this.clear();
    }

    async execute(python) {
      const text = make("pre", { className: "run-text", tabIndex: 0 });
      text.setAttribute("role", "region");
      text.setAttribute("aria-label", `Output of cell ${this.number}`);
      this.#mark(null);
      let shown = false;
      const show = (part) => {
        if (!shown) this.clear();
        shown = true;
        this.output.append(part);
      };
      const add = (words) => {
        if (!text.isConnected) show(text);
        text.textContent = hinted(overwritten(text.textContent, words));
      };
      const { source, doing } = this;
      const message = { task: "run", source, name: `cell ${this.number}`, doing };
      const result = await python.ask(message, ({ state, text: words }) => {
        if (state) this.tell(state);
        if (words) add(words);
      });
      const tried = result.record && !this.element.classList.contains("tag_solution");
      if (tried) document.dispatchEvent(new CustomEvent("verdicts", { detail: result.record }));
      if (result.stopped) return this.tell(STOPPED);
      if (result.failed) return this.tell(result.failed);
      if (result.text) add(`${result.text}\n`);
      if (result.html) {
        show(make("div", { className: "output text_html", innerHTML: result.html }));
        this.output.dispatchEvent(new Event("newoutput", { bubbles: true }));
      }
      if (!shown && !result.error) this.clear();
      if (result.error) show(make("pre", { className: "run-text run-error", textContent: result.error }));
      this.page.note(this, result.error ? null : source);
      this.#mark(result.line);
      const verdict = /^(Right|Not yet|There is no)/m.exec(text.textContent);
      text.classList.toggle("run-right", verdict?.[1] === "Right");
      text.classList.toggle("run-wrong", Boolean(verdict) && verdict[1] !== "Right");
      const where = result.line ? ` in line ${result.line}` : "";
      if (result.error) this.tell(`Error${where}: ${result.error.trim().split("\n").at(-1)}`);
      else this.tell(`Done in ${time(result.seconds)}.`, verdict ? text.textContent : "");
      return !result.error;
    }

    clear() {
      this.output.replaceChildren();
      this.output.classList.remove("run-old");
    }

    #mark(line) {
      for (const part of [this.code, this.editor]) {
        part?.classList.toggle("run-at-line", Boolean(line));
        part?.style.setProperty("--line", line ?? 0);
      }
    }

    tell(words, more = "") {
      this.note.textContent = words;
      this.page.tell(`Cell ${this.number}: ${words} ${more}`);
    }
  }

  const STOPPED =
    "Stopped: what the cells had computed is lost, what you typed is kept; the next Run starts anew.";

  const time = (seconds) => (seconds < 0.1 ? "less than 0.1 s" : `${seconds.toFixed(1)} s`);
  const slow = ({ here, there }) => (here ? `about ${here} s here; ${there} s in Jupyter` : "");

  // In a notebook one calls for a hint; here it stands above the answer.
  const hinted = (text) => text.replace(/For a hint:\s+hint\(.*?\)/, "There are hints above.");

  // A carriage return begins the line anew, as a progress bar does.
  function overwritten(text, more) {
    const start = text.lastIndexOf("\n") + 1;
    return text.slice(0, start) + (text.slice(start) + more).replace(/^.*\r(?!\n)/gm, "");
  }

  // ---- the page ----

  class Page {
    python = new Python();
    ran = []; // the cells that have run since Python started, with their sources, the last run last

    constructor(elements) {
      this.status = document.body.appendChild(make("p", { className: "visually-hidden" }));
      this.status.setAttribute("role", "status");
      this.cells = elements.map((element, k) => new Cell(element, k + 1, this));
      this.reset = make("div", { className: "run-bar run-page", hidden: true });
      this.ask = make("button", { type: "button" });
      this.ask.onclick = () => this.#question(this.sure.hidden);
      this.sure = make("button", { type: "button", textContent: "Forget it" });
      this.sure.onclick = () => this.forget();
      this.changes = make("span");
      this.reset.append(this.changes, this.ask, this.sure);
      elements.at(-1).closest("article").append(this.reset);
      this.#recall();
    }

    // What was typed on an earlier visit, in its cell; where that has changed since, a note says so.
    #recall() {
      for (const [number, { code, printed }] of Object.entries(store.all())) {
        const same = this.cells.find((cell) => cell.printed === printed && !cell.editor);
        const cell = same ?? this.cells[number - 1];
        if (!cell) continue;
        cell.open(code, false);
        cell.undo.hidden = false;
        if (!same) cell.note.textContent = "The book's code here has changed since you typed this.";
      }
      for (const cell of this.cells) if (cell.exercise && !cell.editor) cell.open(cell.printed, false);
      this.count();
    }

    count() {
      const many = this.cells.filter((cell) => cell.source !== cell.printed).length;
      this.reset.hidden = !many;
      this.changed = `You have changed ${many} ${many === 1 ? "cell" : "cells"} of this page.`;
      this.#question(false);
    }

    // Asked once, on the button that was pressed: who presses it twice keeps all.
    #question(asking) {
      this.sure.hidden = !asking;
      this.ask.textContent = asking ? "Keep it" : "Reset page";
      this.changes.textContent = asking ? "Forget all that you typed on this page?" : this.changed;
      if (asking) this.tell(this.changes.textContent);
    }

    forget() {
      this.stop();
      for (const cell of this.cells) cell.restore();
      this.tell("The page is as it was printed.");
    }

    note({ number }, source) {
      this.ran = this.ran.filter(([k]) => k !== number - 1);
      if (source !== null) this.ran.push([number - 1, source]);
    }

    stop() {
      this.python.stop();
      this.ran = [];
    }

    // Run what the cell needs of the cells above, then the cell; a second press stops.
    async run(cell) {
      if (this.running) return this.stop();
      this.running = cell;
      cell.begin();
      await this.#through(cell);
      cell.end();
      this.running = undefined;
    }

    async #through(cell) {
      const message = {
        task: "plan",
        sources: this.cells.map((one) => (one.apart && one !== cell ? null : one.source)),
        target: cell.number - 1,
        ran: this.ran,
      };
      const hear = ({ state }) => state && cell.tell(state);
      const { order, failed, stopped } = await this.python.ask(message, hear);
      if (!order) return cell.tell(failed ?? (stopped && "Stopped."));
      const above = order.slice(0, -1).map((k) => this.cells[k]);
      for (const [k, each] of above.entries()) {
        cell.tell(`Waits for cell ${each.number}, ${k + 1} of ${above.length} that it needs.`);
        if (!(await each.execute(this.python))) {
          return cell.tell(`Not run: cell ${each.number} above, which it needs, did not come through.`);
        }
      }
      await cell.execute(this.python);
    }

    tell(words) {
      this.status.textContent = words;
    }
  }

  const elements = [...document.querySelectorAll(".bd-article .cell")].filter((cell) =>
    cell.querySelector(".cell_input pre"),
  );
  if (elements.length) new Page(elements);
}
