// Does in Firefox what firefox.py asks for: each line in is a command, each line out an answer.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: process.argv[2],
  extraPrefsFirefox: { "network.dns.disabled": true }, // it reaches nothing but this machine
});
let page, heard;

const commands = {
  async open(url, width) {
    await page?.close();
    page = await browser.newPage();
    heard = { foreign: [], complaints: [] };
    listen(page, heard);
    await page.setViewport({ width, height: 900 });
    await page.goto(url);
  },
  evaluate: (expression) => page.evaluate(expression),
  click: async (expression) => (await page.evaluateHandle(expression)).click(),
  press: (key) => page.keyboard.press(key),
  type: (text) => page.keyboard.type(text),
  waitFor: (selector) => page.waitForSelector(selector, { timeout: 10_000 }).then(() => null),
  heard: () => heard,
};

function listen(page, { foreign, complaints }) {
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(http|ws)s?:$/.test(protocol) && hostname !== "127.0.0.1") foreign.push(request.url());
  });
  page.on("requestfailed", (request) => {
    const text = request.failure().errorText;
    // When the styles change, Firefox gives up a font that is on its way, and asks for it again.
    if (text !== "NS_BINDING_ABORTED") complaints.push(`${text}: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`throws ${error.message}`));
}

const answer = async ([command, ...values]) => {
  try {
    return { value: await commands[command](...values) };
  } catch (error) {
    return { error: String(error) };
  }
};
console.log("ready");
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await answer(JSON.parse(line))));
await browser.close();
