// Players: frames made beforehand, moved by a range, a button and lists to choose from.
// The first frame stands in the page; of the others, their sentences and the parts of which each
// drawing is put together when it is asked for. See rnnbook/pictures/player.py.
function setUp(player) {
  const bar = player.querySelector(".player-bar");
  const button = bar.querySelector("button");
  const range = bar.querySelector("input[type=range]");
  const selects = [...bar.querySelectorAll("select")];
  const count = bar.querySelector("output");
  count.setAttribute("aria-live", "off"); // an <output> would be read out at every frame

  const figure = player.querySelector(":scope > figure");
  const caption = figure.querySelector("figcaption");
  const script = player.querySelector(":scope > script");
  const all = [...player.querySelectorAll(":scope > ol > li")];
  const chosen = () => selects.map(({ value }) => value).join() || all[0].dataset.preset;
  const frames = () => all.filter(({ dataset }) => dataset.preset === chosen());
  let shown = all[0];

  let parts;
  const drawing = ({ dataset }) => {
    parts ??= script.textContent.match(/[^>]*>/g);
    return dataset.parts.split(" ").map((k) => parts[k]).join("");
  };

  const live = document.createElement("p");
  live.className = "visually-hidden";
  live.setAttribute("aria-live", "polite");
  player.append(live);

  let timer = 0;
  let pending = 0;

  const tell = () => {
    count.textContent = `${range.valueAsNumber + 1} of ${frames().length}`;
    range.setAttribute("aria-valuetext", count.textContent);
  };

  // Where the figure is wider than the screen, what is lit comes into its middle.
  const follow = () => {
    const lit = figure.querySelector("[data-lit]");
    if (!lit || figure.scrollWidth <= figure.clientWidth) return;
    const [part, whole] = [lit.getBoundingClientRect(), figure.getBoundingClientRect()];
    figure.scrollLeft += part.left + part.width / 2 - whole.left - whole.width / 2;
  };

  // At the frame that answers it, the reader's guess is shown again, and what holds; then it stays
  // with this example. Where no such frame is named, the first move answers a guess, and the last
  // frame those who made none.
  let news = "";
  const guess = player.querySelector(":scope > .player-guess");
  const told = document.createElement("div");
  told.className = "player-told";
  const here = () => [undefined, chosen()].includes(guess.dataset.example);
  const answers = () =>
    guess.dataset.frame
      ? here() && range.valueAsNumber >= Number(guess.dataset.frame)
      : guess.querySelector(":checked") || range.value === range.max;
  const answer = () => {
    if (!guess) return;
    told.hidden = !here();
    if (guess.disabled || !answers()) return;
    guess.disabled = true;
    news = told.textContent = guess.querySelector(":checked")?.value ?? guess.dataset.unasked;
    figure.after(told);
  };

  const show = () => {
    const frame = frames()[range.valueAsNumber];
    if (frame !== shown) {
      figure.firstElementChild.outerHTML = drawing(frame);
      caption.textContent = frame.textContent;
      shown = frame;
      follow();
      answer();
      player.dispatchEvent(new Event("framechange", { bubbles: true }));
    }
    tell();
    // Wait until the reader rests on a frame: dragging must not read out each one.
    clearTimeout(pending);
    const say = () => {
      live.textContent = `${news} ${shown.textContent}`.trim();
      news = "";
    };
    if (!timer) pending = setTimeout(say, 400);
  };

  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "Play";
  };

  const step = () => {
    range.valueAsNumber += 1;
    if (range.value === range.max) stop();
    show();
  };

  button.addEventListener("click", () => {
    if (timer) {
      stop();
    } else {
      if (range.value === range.max) range.value = 0;
      timer = setInterval(step, Number(player.dataset.interval));
      button.textContent = "Pause";
    }
    show();
  });

  for (const move of bar.querySelectorAll("button[data-move]")) {
    move.addEventListener("click", () => {
      stop();
      range.valueAsNumber += Number(move.dataset.move);
      show();
    });
  }

  range.addEventListener("input", () => {
    if (timer) stop();
    show();
  });

  // The longest sentence of the preset decides the caption's height: no frame moves the page.
  const reserve = () => {
    const probe = document.createElement("div");
    probe.className = "player-probe";
    for (const { textContent } of frames()) {
      probe.append(Object.assign(document.createElement("figcaption"), { textContent }));
    }
    player.append(probe);
    const heights = Array.from(probe.children, (caption) => caption.offsetHeight);
    probe.remove();
    player.style.setProperty("--caption-height", `${Math.max(...heights)}px`);
  };

  for (const select of selects) {
    select.addEventListener("change", () => {
      stop();
      // An example of as many frames is shown at the same place: so the two can be compared.
      if (frames().length !== Number(range.max) + 1) range.value = 0;
      range.max = frames().length - 1;
      reserve();
      show();
    });
  }

  let width = 0;
  new ResizeObserver(() => {
    if (player.clientWidth === width) return;
    width = player.clientWidth;
    reserve();
  }).observe(player);

  // A browser may keep the controls of an earlier visit; the page shows the first frame.
  for (const select of selects) select.selectedIndex = 0;
  if (guess) {
    for (const choice of guess.querySelectorAll("input")) choice.checked = false;
    guess.hidden = false;
  }
  range.max = frames().length - 1;
  range.value = 0;
  tell();
  bar.hidden = false;
}

document.querySelectorAll(".player").forEach(setUp);
// What a cell that was run in the page has drawn.
document.addEventListener("newoutput", ({ target }) => target.querySelectorAll(".player").forEach(setUp));
