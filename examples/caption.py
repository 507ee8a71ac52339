"""Captions photos, one request for each: python3 examples/caption.py http://localhost:8080 docs/images/dog.jpg

The environment variable CAPTIONER_KEY is the API key, where the service requires one.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

ATTEMPTS = 4


def send(service, photo):
    """Sends one photo; tries again when the service is full (429) or not ready (503), after the time it names."""
    headers = {"Content-Type": "application/octet-stream"}
    if "CAPTIONER_KEY" in os.environ:
        headers["X-API-Key"] = os.environ["CAPTIONER_KEY"]
    with open(photo, "rb") as file:
        request = urllib.request.Request(service + "/captions", file.read(), headers)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or attempt == ATTEMPTS:
                problem = error.read().decode("utf-8", "replace")
                sys.exit(f"{photo}: {problem or error}")
            time.sleep(int(error.headers.get("Retry-After", attempt)))
        except urllib.error.URLError as error:
            sys.exit(f"{service} does not answer: {error.reason}")


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: caption.py URL PHOTO...")
    for photo in sys.argv[2:]:
        caption = send(sys.argv[1], photo)["results"][0]["captions"][0]
        print(f"{photo}: {caption['text']}")
        for word in caption["words"]:
            peak = word.get("attention", {}).get("peak")
            place = f" at {peak['x']}, {peak['y']}" if peak else ""
            print(f"  {word['word']} {word['probability']:.2f}{place}")


main()
