// Trains a network on the reader's own data, in a Python of its own: nothing leaves the page.
// `Python` is in run.js; what is asked for is done by rnnbook/owndata.py, which answers in JSON.
function setOwn(form) {
  const body = form.querySelector(".own-body");
  const area = form.querySelector("textarea");
  const file = form.querySelector("[type=file]");
  const period = form.querySelector("[type=number]");
  const column = form.querySelector("select");
  const [check, train] = form.querySelectorAll("button");
  const status = form.querySelector(".own-status");
  const found = form.querySelector(".own-found");
  const python = new Python();
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
  const notes = make("ul");
  let busy;

  // Python reads the bytes; each is written as the character of its number.
  const data = async () => {
    const [chosen] = file.files; // of one that is too large as much as shows that it is
    const bytes = chosen ? await chosen.slice(0, 2_000_001).arrayBuffer() : new TextEncoder().encode(area.value);
    return Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  };

  const number = (input) => (input?.value ? Number(input.value) : "None");

  async function ask(button) {
    if (busy) return python.stop();
    busy = button;
    const name = button.textContent;
    button.textContent = "Stop";
    for (const other of [check, train]) other.disabled = other !== button;
    tell("Python is asked …");
    const training = button === train;
    found.replaceChildren(...(training ? [notes, curve] : []));
    curve.replaceChildren();
    if (!training) train.hidden = true;
    points = [];
    let rest = "";
    let ended = false;
    const given = await data().catch(() => null);
    const source = `from rnnbook.owndata import in_page
in_page("${form.dataset.kind}", ${JSON.stringify(given)}, train=${training ? "True" : "False"},
        column=${column?.value || "None"}, period=${number(period)}, steps=${form.dataset.steps ?? "None"})`;
    const hear = ({ state, text }) => {
      if (state?.startsWith("Loading")) tell(state);
      if (state === "Running …") tell(training ? "It trains. Stop ends it." : "It is read …");
      const lines = (rest + (text ?? "")).split("\n");
      rest = lines.pop();
      const news = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
      for (const one of news) ended = show(one) || ended;
    };
    const unreadable = { failed: "The file could not be read: choose it again." };
    const result = given === null ? unreadable : await python.ask({ task: "run", source, name: "own data" }, hear);
    busy = undefined;
    button.textContent = name;
    check.disabled = train.disabled = false;
    if (result.stopped) tell("Stopped. Press again to begin anew.");
    else if (result.failed ?? result.error) tell(result.failed ?? wrong(result.error), true);
    else if (!ended) tell("Something went wrong: no answer came.", true);
  }

  const wrong = (error) => `Something went wrong: ${error.trim().split("\n").at(-1)}`;

  function tell(words, bad = false) {
    if (status.textContent !== words) status.textContent = words;
    status.className = bad ? "own-status own-bad" : "own-status";
  }

  // Show one piece of news; say whether it is the last.
  function show(news) {
    if (news.problem) {
      found.replaceChildren();
      tell(news.problem, true);
    } else if (news.notes) checked(news);
    else if (news.step !== undefined) return progress(news);
    else judged(news);
    return true;
  }

  function checked({ notes: all, seconds, columns = [], column: taken }) {
    notes.replaceChildren(...all.map((words) => make("li", { textContent: words })));
    found.replaceChildren(notes);
    if (column) {
      column.parentElement.hidden = columns.length < 2;
      const options = columns.map(([k, name]) => new Option(name, k, k === taken, k === taken));
      column.replaceChildren(...options);
    }
    const about = Math.max(1, Math.round(seconds));
    train.textContent = `Train, at most about ${about} s`;
    train.hidden = false;
    tell(`It can be used. One small network, with one random start, trains here in at most about ${about} s.`);
  }

  // ---- the curve of the losses, and that of the forecasts ----

  let points = [];
  let begun;
  const curve = make("figure", { className: "own-curve" });

  function progress(news) {
    points.push(news);
    const unit = form.dataset.kind === "text" ? "bits a character" : "squared error, in units of the spread";
    const late = points.filter(({ step }) => step || points.length < 4); // the first is far above
    const at = (name) => late.filter((one) => one[name] !== null).map((one) => [one.step, one[name]]);
    const last = { "what it learns from": at("loss"), "what is held out": at("held") };
    const words = Object.entries(last)
      .filter(([, line]) => line.length)
      .map(([name, line]) => `${name}: ${line.at(-1)[1].toPrecision(3)}`);
    if (!news.step) begun = performance.now();
    const left = ((performance.now() - begun) / 1000) * (news.steps / news.step - 1);
    const more = news.step && left > 1 ? `, at most ${left.toFixed()} s more` : "";
    const said = `Step ${news.step} of ${news.steps}${more}. Loss, ${unit}, on ${words.join("; ")}.`;
    draw(curve, last, said, [0, news.steps]);
  }

  function judged({ sentence, rows, shown }) {
    const table = make("table", { className: "table" });
    const head = form.dataset.kind === "text" ? "bits a character" : "off by, on average";
    const line = (tag, cells) => {
      const row = make("tr");
      row.append(...cells.map((words) => make(tag, { textContent: words })));
      return row;
    };
    table.append(make("caption", { textContent: "On the last fifth" }), make("thead"), make("tbody"));
    table.tHead.append(line("th", ["model", head, "the network gains"]));
    for (const [name, error, gain, spread] of rows) {
      table.tBodies[0].append(line("td", [name, error, gain ? `${gain} ± ${spread}`.replace(/^-/, "−") : ""]));
    }
    found.append(table);
    for (const [name, text] of Object.entries(shown).filter(([, part]) => typeof part === "string")) {
      const label = `What the ${name} writes, at temperature 0.8`;
      found.append(make("div", { textContent: `${label}:` }), make("blockquote", { textContent: text }));
    }
    const series = Object.entries(shown).filter(([, part]) => Array.isArray(part));
    if (series.length) {
      const figure = make("figure");
      found.append(figure);
      const lines = series.map(([name, part]) => [name, part.map((value, k) => [k, value])]);
      draw(figure, Object.fromEntries(lines), `The last ${series[0][1].length} values, and what was forecast.`);
    }
    const said = curve.querySelector("figcaption");
    said.textContent = said.textContent.replace(/, at most \d+ s more/, "");
    tell(sentence);
    status.classList.add("own-verdict");
  }

  const LINES = ["own-first", "own-second", "own-third"];

  // Draw lines, each a list of [x, y], with a key; the sentence says what is to be seen.
  function draw(figure, lines, sentence, across) {
    const [width, height, left] = [Math.max(260, figure.clientWidth || 320), 200, 56];
    const all = Object.values(lines).flat();
    const bounds = (k) => [Math.min(...all.map((p) => p[k])), Math.max(...all.map((p) => p[k]))];
    const [x0, x1] = across ?? bounds(0);
    const [y0, y1] = bounds(1);
    const x = (value) => left + ((width - left - 8) * (value - x0)) / (x1 - x0 || 1);
    const y = (value) => height - 22 - ((height - 34) * (value - y0)) / (y1 - y0 || 1);
    const text = (words, at, down, anchor) => `<text x="${at}" y="${down}" text-anchor="${anchor}">${words}</text>`;
    const short = (value) => Number(value.toPrecision(3)).toLocaleString("en");
    const paths = Object.values(lines).map((line, k) => {
      const d = line.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
      return `<polyline class="${LINES[k]}" points="${d}"/>`;
    });
    const axes = `<path d="M${left} 8V${height - 20}H${width - 8}"/>`;
    const marks = [text(short(y1), left - 6, 18, "end"), text(short(y0), left - 6, height - 22, "end")];
    if (across) marks.push(text(short(x0), left, height - 4, "start"), text(`${short(x1)} steps`, width - 8, height - 4, "end"));
    figure.innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="img">${axes}${marks.join("")}${paths.join("")}</svg>
      <div class="own-key"></div><figcaption></figcaption>`;
    figure.firstChild.setAttribute("aria-label", sentence);
    const key = Object.keys(lines).map((name, k) => make("span", { className: LINES[k], textContent: name }));
    figure.querySelector(".own-key").append(...key);
    figure.querySelector("figcaption").textContent = sentence;
  }

  // ---- what the reader does ----

  const changed = () => {
    if (busy) python.stop();
    train.hidden = true;
    if (column) {
      column.parentElement.hidden = true;
      column.replaceChildren();
    }
    tell("");
  };
  area.addEventListener("input", () => {
    file.value = "";
    changed();
  });
  file.addEventListener("change", () => {
    area.value = "";
    changed();
    if (file.files[0]) tell(`${file.files[0].name} is chosen. It is read here, and sent nowhere.`);
  });
  period?.addEventListener("input", () => (train.hidden = true));
  column?.addEventListener("change", () => ask(check));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(check);
  });
  train.addEventListener("click", () => ask(train));
  body.hidden = false;
}

document.querySelectorAll(".own").forEach(setOwn);
