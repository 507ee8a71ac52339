"""A plain FastAPI server over a bundle: python server.py BUNDLE PORT

POST /captions takes a photo as the body and answers with a caption where Captioner has it; GET /readyz answers 200.
Photos are decoded by Pillow in draft mode, in threads. They are captioned in batches of at most 16, with no wait for a
batch to fill, and two batches in flight.
"""

import asyncio
import io
import json
import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import numpy as np
import tensorflow as tf
import uvicorn
from fastapi import FastAPI, Request
from PIL import Image

BATCH, IN_FLIGHT, DECODERS = 16, 2, 2

bundle = pathlib.Path(sys.argv[1])
manifest = json.loads((bundle / "captioner.json").read_text())
words = (bundle / "vocabulary.txt").read_text().splitlines()
size = (manifest["input"]["width"], manifest["input"]["height"])
defaults, special = manifest["defaults"], manifest["specialIds"]
saved = tf.saved_model.load(str(bundle))
model = saved.signatures["serving_default"]
options = {
    "beam_width": tf.constant(defaults["beamWidth"], tf.int32),
    "max_length": tf.constant(defaults["maxWords"], tf.int32),
    "length_penalty": tf.constant(defaults["lengthPenalty"], tf.float32),
    "no_repeat_ngram": tf.constant(defaults["noRepeatNgram"], tf.int32),
    "temperature": tf.constant(0, tf.float32),
    "top_k": tf.constant(0, tf.int32),
    "top_p": tf.constant(1, tf.float32),
    "seed": tf.constant(0, tf.int32),
    "alternatives": tf.constant(1, tf.int32),
    "consensus": tf.constant(defaults.get("consensus", False)),
    "avoid": tf.constant([-1], tf.int32),
    "merge_from": tf.constant([-1], tf.int32),
    "merge_to": tf.constant([-1], tf.int32),
    "require": tf.constant([-1], tf.int32),
}
options = {name: value for name, value in options.items() if name in model.structured_input_signature[1]}
decoders = ThreadPoolExecutor(DECODERS)
runners = ThreadPoolExecutor(IN_FLIGHT)
queue = asyncio.Queue()


def decode(photo):
    picture = Image.open(io.BytesIO(photo))
    picture.draft("RGB", size)
    grows = picture.width < size[0] and picture.height < size[1]
    filter = Image.Resampling.BILINEAR if grows else Image.Resampling.LANCZOS
    return np.asarray(picture.convert("RGB").resize(size, filter))


def padded(count):
    return 1 << (count - 1).bit_length()


def caption(photos):
    images = np.zeros((padded(len(photos)), size[1], size[0], 3), np.uint8)
    images[: len(photos)] = photos
    tokens = model(image=tf.constant(images), **options)["tokens"].numpy()
    return [sentence(tokens[i, 0] if tokens.ndim == 3 else tokens[i]) for i in range(len(photos))]


def sentence(tokens):
    ids = list(tokens)
    ids = ids[: ids.index(special["end"])] if special["end"] in ids else ids
    return " ".join(words[i] for i in ids if i != special["pad"])


async def run():
    loop = asyncio.get_running_loop()
    while True:
        batch = [await queue.get()]
        while len(batch) < BATCH and not queue.empty():
            batch.append(queue.get_nowait())
        try:
            captions = await loop.run_in_executor(runners, caption, [photo for photo, _ in batch])
            for (_, answer), text in zip(batch, captions):
                answer.set_result(text)
        except Exception as failure:
            for _, answer in batch:
                answer.set_exception(failure)


@asynccontextmanager
async def lifespan(_):
    for count in (1, 2, 4, 8, 16):
        caption([np.zeros((size[1], size[0], 3), np.uint8)] * count)
    tasks = [asyncio.create_task(run()) for _ in range(IN_FLIGHT)]
    yield
    for task in tasks:
        task.cancel()


app = FastAPI(lifespan=lifespan)


@app.get("/readyz")
async def ready():
    return {}


@app.post("/captions")
async def captions(request: Request):
    loop = asyncio.get_running_loop()
    photo = await loop.run_in_executor(decoders, decode, await request.body())
    answer = loop.create_future()
    await queue.put((photo, answer))
    return {"results": [{"captions": [{"text": await answer}]}]}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
