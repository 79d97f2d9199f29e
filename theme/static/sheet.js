// Sheets to fill in: each number is judged when it is left, by what rnnbook/sheets.py computed.
function setSheet(form) {
  const { words, sheets } = JSON.parse(form.querySelector("script").textContent);
  const given = form.querySelector(".sheet-given");
  const inputs = [...form.querySelectorAll("input")];
  const status = form.querySelector(".sheet-count");
  const bar = form.querySelector(".sheet-bar");
  const fresh = bar.querySelector("button");
  const key = form.querySelector(".sheet-key div");
  let now = 0;

  const read = (text) => Number(text.trim().replace(",", ".").replace("−", "-").replace(/^\+/, ""));
  const within = (answer, number, near) => Math.abs(answer - number) <= near;

  const judge = (k) => {
    const said = inputs[k].parentElement.querySelector("output");
    const [right, near, mistakes] = sheets[now].entries[k];
    const answer = read(inputs[k].value);
    const empty = !inputs[k].value.trim();
    const correct = !empty && within(answer, right, near);
    const mistake = mistakes.find(([number, close]) => within(answer, number, close));
    const wrong = Number.isFinite(answer) ? "Not yet." : "That is not a number.";
    said.textContent = empty ? "" : correct ? "Right." : mistake ? `Not yet: ${words[mistake[2]]}` : wrong;
    said.className = empty ? "" : correct ? "sheet-right" : "sheet-wrong";
    const done = form.querySelectorAll(".sheet-right").length;
    status.textContent = `${done} of ${inputs.length} right.`;
  };

  const show = (number) => {
    now = number;
    given.textContent = sheets[now].given;
    for (const [k, input] of inputs.entries()) {
      input.value = "";
      judge(k);
    }
    const names = inputs.map((input) => input.ariaLabel);
    key.textContent = sheets[now].entries.map(([right], k) => `${names[k]} ${right}`).join(", ");
    form.querySelector(".sheet-key").open = false;
    status.textContent = now ? `Sheet ${now + 1} of ${sheets.length}.` : "The lecture's numbers.";
  };

  for (const [k, input] of inputs.entries()) {
    input.addEventListener("change", () => judge(k));
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !inputs.includes(event.target)) return;
    event.preventDefault(); // Enter goes on to the next number
    (inputs[inputs.indexOf(event.target) + 1] ?? fresh).focus();
  });
  fresh.addEventListener("click", () => show((now + 1) % sheets.length));
  bar.hidden = false;
  show(0);
}

document.querySelectorAll(".sheet").forEach(setSheet);
document.addEventListener("newoutput", ({ target }) => target.querySelectorAll(".sheet").forEach(setSheet));
