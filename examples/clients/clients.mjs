// One real client against a running service: clients.mjs NAME URL PHOTO. Each captions a photo, streams where the
// protocol has it, and is refused a broken picture, a photo that cannot be captioned in time and, where the service has
// keys, a wrong key.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const key = process.env.CAPTIONER_KEY ?? "none";
const [name, url, path] = process.argv.slice(2);
const photo = await readFile(path);
const broken = Buffer.from("no picture at all");

// With it, a service that has other photos in flight answers 429 and says when to come back.
const impatience = { "X-Request-Timeout": "1ms" };

/** Calls an impatient client until it is refused with 429, and checks the wait that it is told. */
async function expectWait(call, wait) {
    let over = false;
    let number = 0;
    const send = async () => {
        while (!over) {
            const headers = { "Content-Type": "image/jpeg", Authorization: `Bearer ${key}` };
            // Each has other bytes at its end, or all would share one answer.
            const body = Buffer.concat([photo, Buffer.from(String(number++))]);
            await (await fetch(`${url}/captions`, { method: "POST", headers, body })).arrayBuffer();
        }
    };
    const others = Array.from({ length: 40 }, send); // more than a batch has
    try {
        for (let attempt = 0; attempt < 200; attempt++) {
            const refused = await call().then(() => assert.fail("what had to be refused was accepted"), (error) => error);
            const seconds = wait(refused);
            if (seconds !== undefined) return assert.ok(Number(seconds) >= 1, `a wait of ${seconds}`);
        }
        assert.fail("the service never answered 429");
    } finally {
        over = true;
        await Promise.all(others);
    }
}

async function ollama() {
    const { Ollama } = await import("ollama");
    const clientWith = (token, headers = {}) =>
        new Ollama({ host: url, headers: { Authorization: `Bearer ${token}`, ...headers } });
    const client = clientWith(key);
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
    const impatient = clientWith(key, impatience);
    await expectWait(
        () => impatient.generate({ model: "captioner", prompt: "Describe.", images: [photo.toString("base64")] }),
        (refused) => (refused.status_code === 429 && /Retry-After/.test(refused.message) ? 1 : undefined),
    );
    if (key !== "none") await assert.rejects(clientWith("wrong").list(), { status_code: 401 });
    return whole;
}

async function openai() {
    const { default: OpenAI } = await import("openai");
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
    const chat = (picture, stream, options) =>
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
        }, options);
    const whole = (await chat(photo, false)).choices[0].message.content;
    let streamed = "";
    for await (const chunk of await chat(photo, true)) streamed += chunk.choices[0]?.delta?.content ?? "";
    assert.equal(streamed, whole);
    await assert.rejects(chat(broken, false), { status: 415, code: "not_an_image" });
    await expectWait(
        () => chat(photo, false, { headers: impatience }),
        (refused) => (refused.status === 429 ? refused.headers.get("Retry-After") : undefined),
    );
    if (key !== "none") {
        const stranger = new OpenAI({ baseURL: `${url}/v1`, apiKey: "wrong", maxRetries: 0 });
        await assert.rejects(stranger.models.list(), { status: 401 });
    }
    return whole;
}

async function aiSdk() {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    const { generateText, streamText } = await import("ai");
    const modelWith = (apiKey) => createOpenAICompatible({ name: "captioner", baseURL: `${url}/v1`, apiKey })("captioner");
    const model = modelWith(key);
    const messages = [{ role: "user", content: [{ type: "image", image: photo }] }];
    const { text } = await generateText({ model, messages, maxRetries: 0 });
    let streamed = "";
    for await (const piece of streamText({ model, messages, maxRetries: 0 }).textStream) streamed += piece;
    assert.equal(streamed, text);
    const asked = [{ role: "user", content: [{ type: "image", image: broken, mediaType: "image/jpeg" }] }];
    await assert.rejects(generateText({ model, messages: asked, maxRetries: 0 }), { statusCode: 415 });
    await expectWait(
        () => generateText({ model, messages, maxRetries: 0, headers: impatience }),
        (refused) => (refused.statusCode === 429 ? refused.responseHeaders["retry-after"] : undefined),
    );
    if (key !== "none") {
        await assert.rejects(generateText({ model: modelWith("wrong"), messages, maxRetries: 0 }), { statusCode: 401 });
    }
    return text;
}

console.log(await { ollama, openai, "ai-sdk": aiSdk }[name]());
