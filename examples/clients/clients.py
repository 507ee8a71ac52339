"""One real client against a running service: clients.py MODULE URL PHOTO. Each captions a photo, streams where the
protocol has it, and is refused a broken picture, a photo that cannot be captioned in time and, where the service has
keys, a wrong key."""
import contextlib
import itertools
import os
import sys
import threading
import urllib.error
import urllib.request

KEY = os.environ.get("CAPTIONER_KEY", "none")
# With it, a service that has other photos in flight answers 429 and says when to come back.
IMPATIENT = {"X-Request-Timeout": "1ms"}
CLIENTS = 40


def expect_error(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("what had to be refused was accepted")


@contextlib.contextmanager
def busy(url, photo):
    """Keeps more photos in flight than a batch has; each has other bytes at its end, or all would share one answer."""
    over = threading.Event()
    numbers = itertools.count()

    def send():
        while not over.is_set():
            request = urllib.request.Request(
                url + "/captions", photo + b"%d" % next(numbers),
                {"Content-Type": "image/jpeg", "Authorization": "Bearer " + KEY})
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(request).read()

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def expect_wait(url, photo, kind, call, wait):
    """Calls an impatient client until it is refused with 429, and checks the wait that it is told."""
    with busy(url, photo):
        for _ in range(200):
            seconds = wait(expect_error(kind, call))
            if seconds is not None:
                assert int(seconds) >= 1, seconds
                return
    raise AssertionError("the service never answered 429")


def ollama(url, photo):
    import ollama as library

    client = library.Client(host=url, headers={"Authorization": "Bearer " + KEY})
    names = [model.model for model in client.list().models]
    assert "captioner:latest" in names, names
    assert client.show("captioner").modelinfo, "no model_info"
    message = {"role": "user", "content": "Describe.", "images": [photo]}
    whole = client.chat("captioner", [message]).message.content
    pieces = [part.message.content for part in client.chat("captioner", [message], stream=True)]
    assert "".join(pieces) == whole and len(pieces) > 2, pieces
    assert client.generate("captioner", "Describe.", images=[photo]).response == whole
    error = expect_error(library.ResponseError, lambda: client.generate("captioner", images=[b"no picture at all"]))
    assert error.status_code == 415, error
    error = expect_error(library.ResponseError, lambda: client.generate("llava", images=[photo]))
    assert error.status_code == 404, error
    impatient = library.Client(host=url, headers={"Authorization": "Bearer " + KEY, **IMPATIENT})
    expect_wait(
        url, photo, library.ResponseError, lambda: impatient.generate("captioner", images=[photo]),
        lambda refused: 1 if refused.status_code == 429 and "Retry-After" in refused.error else None)
    if KEY != "none":
        stranger = library.Client(host=url, headers={"Authorization": "Bearer wrong"})
        assert expect_error(library.ResponseError, stranger.list).status_code == 401
    return whole


def openai(url, photo):
    import base64
    import openai as library

    client = library.OpenAI(base_url=url + "/v1", api_key=KEY, max_retries=0)
    assert client.models.list().data[0].id == "captioner"

    def data(picture):
        return "data:image/jpeg;base64," + base64.b64encode(picture).decode()

    def chat(picture, **options):
        part = {"type": "image_url", "image_url": {"url": data(picture)}}
        return client.chat.completions.create(
            model="captioner", messages=[{"role": "user", "content": [part]}], **options)

    answer = chat(photo, logprobs=True)
    whole = answer.choices[0].message.content
    assert len(answer.choices[0].logprobs.content) == answer.usage.completion_tokens
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chat(photo, stream=True))
    assert streamed == whole, streamed
    source = [{"role": "user", "content": [{"type": "input_image", "image_url": data(photo)}]}]
    assert client.responses.create(model="captioner", input=source).output_text == whole
    with client.responses.stream(model="captioner", input=source) as stream:
        assert stream.get_final_response().output_text == whole
    error = expect_error(library.APIStatusError, lambda: chat(b"no picture at all"))
    assert error.status_code == 415 and error.code == "not_an_image", error
    expect_wait(
        url, photo, library.APIStatusError, lambda: chat(photo, extra_headers=IMPATIENT),
        lambda refused: refused.response.headers["Retry-After"] if refused.status_code == 429 else None)
    if KEY != "none":
        stranger = library.OpenAI(base_url=url + "/v1", api_key="wrong", max_retries=0)
        expect_error(library.AuthenticationError, stranger.models.list)
    return whole


def azure(url, photo):
    from azure.ai.vision.imageanalysis import ImageAnalysisClient
    from azure.ai.vision.imageanalysis.models import VisualFeatures
    from azure.core.credentials import AzureKeyCredential
    from azure.core.exceptions import HttpResponseError

    def client_with(key):
        return ImageAnalysisClient(endpoint=url, credential=AzureKeyCredential(key))

    client = client_with(KEY)
    answer = client.analyze(photo, visual_features=[VisualFeatures.CAPTION], gender_neutral_caption=True)
    assert answer.metadata.width > 0 and 0 < answer.caption.confidence < 1, answer
    error = expect_error(HttpResponseError, lambda: client.analyze(
        b"no picture at all", visual_features=[VisualFeatures.CAPTION]))
    assert error.status_code == 400 and error.error.innererror["code"] == "InvalidImageFormat", error
    error = expect_error(HttpResponseError, lambda: client.analyze(
        photo, visual_features=[VisualFeatures.TAGS]))
    assert error.error.innererror["code"] == "NotSupportedVisualFeature", error
    expect_wait(
        url, photo, HttpResponseError, lambda: client.analyze(
            photo, visual_features=[VisualFeatures.CAPTION], headers=IMPATIENT, retry_total=0),
        lambda refused: refused.response.headers["Retry-After"] if refused.status_code == 429 else None)
    if KEY != "none":
        error = expect_error(HttpResponseError, lambda: client_with("wrong").analyze(
            photo, visual_features=[VisualFeatures.CAPTION]))
        assert error.status_code == 401, error
    return answer.caption.text


def triton(url, photo):
    import numpy
    import tritonclient.http as library
    from tritonclient.utils import InferenceServerException

    client = library.InferenceServerClient(url.split("://")[1], ssl=url.startswith("https"))
    headers = {"Authorization": "Bearer " + KEY}
    assert client.is_server_ready(headers=headers) and client.is_model_ready("captioner", headers=headers)
    assert client.get_model_config("captioner", headers=headers)["max_batch_size"] == 0

    def infer(picture, binary, headers=headers):
        image = library.InferInput("image", [1], "BYTES")
        image.set_data_from_numpy(numpy.array([picture], dtype=numpy.object_))
        wanted = [library.InferRequestedOutput(name, binary_data=binary) for name in ("caption", "confidence")]
        return client.infer("captioner", [image], outputs=wanted, headers=headers)

    answer = infer(photo, True)
    caption = answer.as_numpy("caption")[0].decode()
    assert 0 < answer.as_numpy("confidence")[0] < 1
    expect_error(InferenceServerException, lambda: infer(b"no picture at all", True))
    expect_wait(
        url, photo, InferenceServerException, lambda: infer(photo, True, {**headers, **IMPATIENT}),
        lambda refused: 1 if "429" in str(refused.status()) or "Retry-After" in refused.message() else None)
    if KEY != "none":
        expect_error(InferenceServerException, lambda: infer(photo, True, {"Authorization": "Bearer wrong"}))
    return caption


def mcp(url, photo):
    import asyncio
    import base64
    import mcp as library
    from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

    def agent(headers):
        http = create_mcp_http_client(headers=headers)
        return library.Client(streamable_http_client(url + "/mcp", http_client=http))

    async def call(arguments, headers):
        async with agent(headers) as client:
            return await client.call_tool("caption_image", arguments)

    async def describe():
        async with agent({"Authorization": "Bearer " + KEY}) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == ["caption_image"]
            answer = await client.call_tool("caption_image", {"image": base64.b64encode(photo).decode()})
            text, picture = answer.content
            assert base64.b64decode(picture.data)[:4] == b"\x89PNG" and picture.mime_type == "image/png"
            words = answer.structured_content["words"]
            assert text.text.lower().split() == [word["word"] for word in words] and "box" in words[0], words
            broken = await client.call_tool("caption_image", {"image": base64.b64encode(b"no picture").decode()})
            assert broken.is_error, broken
            return text.text

    def wait(refused):
        while isinstance(refused, BaseExceptionGroup):
            refused = refused.exceptions[0]
        data = refused.error.data or {}
        return data.get("retryAfter") if data.get("status") == 429 else None

    caption = asyncio.run(describe())
    image = {"image": base64.b64encode(photo).decode()}
    headers = {"Authorization": "Bearer " + KEY, **IMPATIENT}
    expect_wait(url, photo, Exception, lambda: asyncio.run(call(image, headers)), wait)
    if KEY != "none":
        expect_error(Exception, lambda: asyncio.run(call(image, {"Authorization": "Bearer wrong"})))
    return caption


if __name__ == "__main__":
    clients = {
        "ollama": ollama,
        "openai": openai,
        "azure.ai.vision.imageanalysis": azure,
        "tritonclient.http": triton,
        "mcp": mcp,
    }
    with open(sys.argv[3], "rb") as file:
        print(clients[sys.argv[1]](sys.argv[2].rstrip("/"), file.read()))
