// Captions photos in one request: node examples/caption.mjs http://localhost:8080 docs/images/dog.jpg
// The environment variable CAPTIONER_KEY is the API key, where the service requires one. Needs Node.js 18.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ATTEMPTS = 4;

// Sends the photos; tries again when the service is full (429) or not ready (503), after the time it names.
async function send(service, photos) {
  const headers = process.env.CAPTIONER_KEY ? { "X-API-Key": process.env.CAPTIONER_KEY } : {};
  for (let attempt = 1; ; attempt++) {
    const body = new FormData();
    for (const photo of photos) {
      body.append("image", new Blob([await readFile(photo)]), basename(photo));
    }
    const response = await fetch(`${service}/captions`, { method: "POST", headers, body });
    if (response.ok) {
      return response.json();
    }
    if (![429, 503].includes(response.status) || attempt === ATTEMPTS) {
      throw new Error(await response.text());
    }
    await sleep(1000 * Number(response.headers.get("Retry-After") ?? attempt));
  }
}

const [service, ...photos] = process.argv.slice(2);
if (photos.length === 0) {
  console.error("usage: caption.mjs URL PHOTO...");
  process.exit(2);
}
try {
  for (const result of (await send(service, photos)).results) {
    const [caption] = result.captions;
    console.log(`${result.filename}: ${caption.text}`);
    for (const { word, probability, attention } of caption.words) {
      const place = attention ? ` at ${attention.peak.x}, ${attention.peak.y}` : "";
      console.log(`  ${word} ${probability.toFixed(2)}${place}`);
    }
  }
} catch (error) {
  console.error(error.cause ? `${service} does not answer: ${error.cause.message}` : error.message);
  process.exit(1);
}
