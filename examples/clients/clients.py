"""One real client against a running service: clients.py MODULE URL PHOTO. Each captions a photo, streams where the
protocol has it, and is refused a broken picture and, where the service has keys, a wrong key."""
import os
import sys

KEY = os.environ.get("CAPTIONER_KEY", "none")


def expect_error(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("what had to be refused was accepted")


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

    def infer(picture, binary):
        image = library.InferInput("image", [1], "BYTES")
        image.set_data_from_numpy(numpy.array([picture], dtype=numpy.object_))
        wanted = [library.InferRequestedOutput(name, binary_data=binary) for name in ("caption", "confidence")]
        return client.infer("captioner", [image], outputs=wanted, headers=headers)

    answer = infer(photo, True)
    caption = answer.as_numpy("caption")[0].decode()
    assert 0 < answer.as_numpy("confidence")[0] < 1
    expect_error(InferenceServerException, lambda: infer(b"no picture at all", True))
    return caption


if __name__ == "__main__":
    clients = {
        "ollama": ollama,
        "openai": openai,
        "azure.ai.vision.imageanalysis": azure,
        "tritonclient.http": triton,
    }
    with open(sys.argv[3], "rb") as file:
        print(clients[sys.argv[1]](sys.argv[2].rstrip("/"), file.read()))
