package io.captioner.bench;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads answers of {@code POST /captions}. */
final class Captions {
    private Captions() {}

    /** Returns the best caption of the first image; for another answer, its status and body. */
    static String of(Response response) {
        if (response.status() != Response.OK) {
            return "%d %s".formatted(response.status(), response.text());
        }
        return json(response).at("/results/0/captions/0/text").asString();
    }

    static String modelVersion(Response response) {
        return response.status() == Response.OK
                ? json(response).at("/model/version").asString()
                : "none: %d".formatted(response.status());
    }

    private static JsonNode json(Response response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
