// Starts a deck, and makes smaller what is too tall for its slide.
const HEIGHT = 700;
const fit = (slide) => {
  let size = 100;
  slide.style.removeProperty("--fit");
  while (slide.scrollHeight > HEIGHT && size > 50) slide.style.setProperty("--fit", (size -= 5) / 100);
};
Reveal.initialize({
  width: 1100, height: HEIGHT, margin: 0.05, center: false, hash: true, slideNumber: "c/t",
  transition: "none", plugins: [RevealNotes],
});
for (const event of ["ready", "slidechanged"]) Reveal.on(event, ({ currentSlide }) => fit(currentSlide));
// A new frame may be taller than the one that the slide was fitted to.
addEventListener("framechange", ({ target }) => fit(target.closest("section")));
