// Players whose frames carry notes can be heard: nothing sounds before the button is pressed.
// data-notes of a drawing is a list of pitch:eighths, 69 for the A of 440 Hz, 0 for a rest.
// See rnnbook/playthings/music.py.
const EIGHTH = 0.18; // seconds

const withNotes = ".player > figure:has([data-notes])";

function addListen(figure) {
  const player = figure.parentElement;
  const button = document.createElement("button");
  let sound = null; // while it sounds

  const stop = () => {
    sound?.close();
    sound = null;
    button.textContent = "Listen";
  };

  const start = () => {
    sound = new AudioContext();
    const tone = new OscillatorNode(sound, { type: "triangle" });
    const volume = new GainNode(sound, { gain: 0 });
    tone.connect(volume).connect(sound.destination);
    let time = sound.currentTime + 0.1;
    for (const note of figure.querySelector("[data-notes]").dataset.notes.split(" ")) {
      const [pitch, eighths] = note.split(":").map(Number);
      const end = time + eighths * EIGHTH;
      if (pitch) {
        tone.frequency.setValueAtTime(440 * 2 ** ((pitch - 69) / 12), time);
        volume.gain.setTargetAtTime(0.2, time, 0.005);
        volume.gain.setTargetAtTime(0, end - 0.04, 0.015); // a breath before the next
      }
      time = end;
    }
    tone.start();
    tone.stop(time);
    tone.onended = stop;
    button.textContent = "Stop";
  };

  button.type = "button";
  button.textContent = "Listen";
  button.addEventListener("click", () => (sound ? stop() : start()));
  player.addEventListener("framechange", stop);
  player.querySelector(".player-bar").append(button);
}

document.querySelectorAll(withNotes).forEach(addListen);
document.addEventListener("newoutput", ({ target }) => target.querySelectorAll(withNotes).forEach(addListen));
