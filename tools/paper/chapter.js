// A page of the site as it stands on paper, run in the page by tools/paper/__init__.py.
// What one presses, moves or unfolds goes; a plaything leaves its key frames; answers are handed
// over apart, for the end of the book.
({ name, names, linked }) => {
  const article = document.querySelector("article.bd-article");
  const all = (selector, within = article) => [...within.querySelectorAll(selector)];
  const make = (tag, className = "", text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });
  const here = (id) => `${name}--${id}`;
  const root = new URL("../", document.querySelector("link[href$='pages.css']").href).href;

  // ---- what paper cannot do ----
  const key = article.querySelector(".sheet-key > div");
  const gone =
    ".headerlink, .hint, .toctree-wrapper, .sidebar-title:empty, .sheet-bar, .mentioned," +
    " .prev-next-footer, .sd-summary-state-marker, .tag_exercise > .cell_output," +
    " .tag_hide-input > details.above-input, form:not(.sheet), [data-paper=out]";
  for (const one of all(gone)) one.remove();

  // ---- playthings: their key frames, with their sentences ----
  for (const player of all(".player")) {
    const parts = player.querySelector("script").textContent.match(/[^>]*>/g);
    const names = all("select", player).map((one) => [...one.options].map((o) => o.text));
    const examples = Map.groupBy(all("li[data-preset]", player), (li) => li.dataset.preset);
    const box = make("div", "player key-frames");
    const guess = player.querySelector(".player-guess");
    if (guess) {
      const choices = all("label", guess).map((label) => label.textContent.trim());
      const asked = make("p", "guess", guess.querySelector("legend").textContent);
      asked.append(` (${choices.join(" / ")})`);
      box.append(asked);
    }
    const grid = make("div", "frames");
    for (const li of keyFrames([...examples.values()])) {
      const figure = make("figure");
      figure.innerHTML = li.dataset.parts.split(" ").map((k) => parts[k]).join("");
      const chosen = li.dataset.preset.split(",").map((k, at) => names[at]?.[k]).filter(Boolean);
      const words = examples.size > 1 ? `${chosen.join(", ")}: ` : "";
      const caption = make("figcaption");
      caption.append(make("span", "example", words), li.textContent);
      figure.append(caption);
      grid.append(figure);
      if (widthOf(figure.firstElementChild) > 480) figure.className = "wide";
    }
    box.append(grid);
    if (guess) box.append(make("p", "answer", guess.dataset.unasked));
    player.replaceWith(box);
  }

  // ---- folded things are open; the answers go to the end of the book ----
  const answers = make("div", "answers");
  let question = 0;
  for (const first of all("details.sd-dropdown")) {
    if (!first.isConnected || !isChoice(first)) continue;
    const [list, reasons] = [make("ol", "choices"), make("ol", "choices")];
    const block = [];
    for (let one = first; one && isChoice(one); one = one.nextElementSibling) block.push(one);
    for (const one of block) {
      const item = make("li");
      item.append(...one.querySelector(".sd-summary-text").childNodes);
      list.append(item);
      const reason = make("li");
      reason.append(...one.querySelector(".sd-summary-content").childNodes);
      reasons.append(reason);
    }
    first.replaceWith(list);
    for (const one of block) one.remove();
    question += 1;
    answers.append(make("h3", "", `Quick question ${question}`), reasons);
  }
  for (const folded of all("details.sd-dropdown")) {
    const box = make("div", "unfolded");
    const title = make("p", "unfolded-title");
    title.append(...folded.querySelector(".sd-summary-text").childNodes);
    box.append(title, ...folded.querySelector(".sd-summary-content").childNodes);
    if (folded.id) box.id = folded.id;
    folded.replaceWith(box);
  }
  const solutions = all(".tag_solution");
  for (const [k, exercise] of all(".exercise.admonition").entries()) {
    if (!solutions[k]) continue;
    const title = make("h3", "", `Exercise ${k + 1}`);
    title.id = `solution-${k + 1}`;
    answers.append(title, solutions[k]);
    const link = Object.assign(make("a", "to-page", "solution"), { href: `#${title.id}` });
    exercise.querySelector(".admonition-title").append(link);
  }
  if (key) answers.append(make("h3", "", "The sheet"), key);
  const kept = make("div");
  kept.append(answers);
  article.append(kept);
  for (const details of all("details")) {
    details.querySelector(":scope > summary").remove();
    details.replaceWith(...details.childNodes);
  }
  for (const one of all("input")) one.replaceWith(make("span", "blank"));
  for (const one of all("form")) {
    const box = make("div", one.className);
    box.append(...one.childNodes);
    one.replaceWith(box);
  }
  for (const one of all("script, style:not(svg style), button, output, select")) one.remove();

  // ---- what is short is not torn by the end of a page; the text of figures is as large as ours ----
  for (const one of all("section, .admonition, .unfolded, .cell_input, .output, .highlight")) {
    const room = one.matches("section") ? 10 : 14;
    if (lines(one) <= room && !one.querySelector("svg, img")) one.classList.add("whole");
  }
  for (const svg of linked ? [] : all("figure.picture > svg")) {
    svg.style.maxWidth = `${1.05 * widthOf(svg)}px`;
  }

  // ---- equations: EPUB knows MathML 3, in which a row has no style of its own ----
  for (const row of linked ? all("mrow[displaystyle]") : []) {
    row.removeAttribute("displaystyle");
    row.removeAttribute("scriptlevel");
  }

  // ---- every name once in the whole book ----
  for (const svg of all("svg")) uniquely(svg);
  const used = new Set();
  for (const one of all("[id]:not(svg, svg *)")) {
    if (used.has(one.id)) one.removeAttribute("id"); // as the text of every exercise
    else used.add(one.id) && (one.id = here(one.id));
  }
  if (!article.querySelector(`[id="${name}"]`)) article.querySelector("h1").id = name;
  for (const link of all("a[href]")) {
    const url = new URL(link.getAttribute("href"), document.baseURI);
    const page = url.href.split("#")[0].replace(root, "");
    const own = url.href.split("#")[0] === document.baseURI.split("#")[0];
    const target = own ? name : names[page];
    if (target) {
      const place = url.hash ? `${target}--${decodeURIComponent(url.hash.slice(1))}` : target;
      link.setAttribute("href", (linked ? `${target}.xhtml` : "") + `#${place}`);
    } else if (url.protocol === "file:" || url.href.startsWith(root)) {
      link.replaceWith(...link.childNodes); // a page that is no page of the book
    }
  }
  for (const image of all("img[src]")) image.setAttribute("src", image.src.replace(root, "../html/"));

  kept.remove();
  const title = article.querySelector("h1").textContent.trim();
  const out = linked ? xml : (node) => node.innerHTML;
  return { title, body: out(article), answers: answers.childElementCount ? out(answers) : "" };

  // The first, the middle and the last of the first example, and the last of others: six at most.
  function keyFrames([first, ...others]) {
    const places = new Set([0, Math.floor((first.length - 1) / 2), first.length - 1]);
    const frames = [...places].map((k) => first[k]);
    const room = Math.min(others.length, frames.length > 2 ? 3 : 4);
    for (let k = 1; k <= room; k++) {
      frames.push(others[Math.ceil((k * others.length) / room) - 1].at(-1));
    }
    return frames;
  }

  function widthOf(svg) {
    return Number(svg.getAttribute("viewBox").split(/[ ,]+/)[2]);
  }

  // About how many lines a text takes on paper: its own, or those that its letters fill.
  function lines(one) {
    const text = one.textContent.trim();
    return Math.max(text.split("\n").length, text.length / 75);
  }

  function isChoice(details) {
    const text = details.querySelector(":scope > .sd-summary-content")?.textContent.trim();
    return details.matches("details.sd-dropdown") && /^(Yes|No)\b/.test(text ?? "");
  }

  // Frames of one plaything, and pictures of one page, are drawn with the same names.
  function uniquely(svg) {
    uniquely.count = (uniquely.count ?? 0) + 1;
    const prefix = `${name}--svg${uniquely.count}-`;
    for (const one of [svg, ...all("*", svg)]) {
      for (const { name: attribute, value } of [...one.attributes]) {
        if (attribute === "id") one.id = prefix + value;
        else if (/^(xlink:)?href$/.test(attribute) && value.startsWith("#")) {
          one.setAttribute(attribute, `#${prefix}${value.slice(1)}`);
        } else if (value.includes("url(#")) {
          one.setAttribute(attribute, value.replaceAll("url(#", `url(#${prefix}`));
        }
        if (attribute === "aria-labelledby") one.setAttribute(attribute, prefix + value);
      }
    }
    for (const style of all("style", svg)) style.textContent = style.textContent.trim();
  }

  function xml(node) {
    const serializer = new XMLSerializer();
    return [...node.childNodes].map((child) => serializer.serializeToString(child)).join("");
  }
}
