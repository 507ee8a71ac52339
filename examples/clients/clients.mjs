// One real client against a running service: clients.mjs NAME URL PHOTO. Each captions a photo, streams where the
// protocol has it, and is refused a broken picture.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const key = process.env.CAPTIONER_KEY ?? "none";
const [name, url, path] = process.argv.slice(2);
const photo = await readFile(path);
const broken = Buffer.from("no picture at all");

async function ollama() {
    const { Ollama } = await import("ollama");
    const client = new Ollama({ host: url, headers: { Authorization: `Bearer ${key}` } });
    assert.ok((await client.list()).models.some((model) => model.name === "captioner:latest"));
    const chat = (picture, stream) =>
        client.chat({
            model: "captioner",
            messages: [{ role: "user", content: "Describe.", images: [picture.toString("base64")] }],
            stream,
        });
    const whole = (await chat(photo, false)).message.content;
    let streamed = "";
    for await (const part of await chat(photo, true)) streamed += part.message.content;
    assert.equal(streamed, whole);
    await assert.rejects(chat(broken, false), { status_code: 415 });
    return whole;
}

async function openai() {
    const { default: OpenAI } = await import("openai");
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
    const chat = (picture, stream) =>
        client.chat.completions.create({
            model: "captioner",
            stream,
            messages: [
                {
                    role: "user",
                    content: [
                        {
                            type: "image_url",
                            image_url: { url: `data:image/jpeg;base64,${picture.toString("base64")}` },
                        },
                    ],
                },
            ],
        });
    const whole = (await chat(photo, false)).choices[0].message.content;
    let streamed = "";
    for await (const chunk of await chat(photo, true)) streamed += chunk.choices[0]?.delta?.content ?? "";
    assert.equal(streamed, whole);
    await assert.rejects(chat(broken, false), { status: 415, code: "not_an_image" });
    return whole;
}

async function aiSdk() {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const { generateText, streamText } = await import("ai");
    const model = createOpenAICompatible({ name: "captioner", baseURL: `${url}/v1`, apiKey: key })("captioner");
    const messages = [{ role: "user", content: [{ type: "image", image: photo }] }];
    const { text } = await generateText({ model, messages, maxRetries: 0 });
    let streamed = "";
    for await (const piece of streamText({ model, messages, maxRetries: 0 }).textStream) streamed += piece;
    assert.equal(streamed, text);
    return text;
}

console.log(await { ollama, openai, "ai-sdk": aiSdk }[name]());
