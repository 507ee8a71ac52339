package io.captioner.web;

import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** The text of a stream of events. For one thread. */
public final class ServerSentEvents {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final StringBuilder text = new StringBuilder();

    /** Adds an event without a name. */
    public void data(Object data) {
        text.append("data: ").append(JSON.writeValueAsString(data)).append("\n\n");
    }

    /** Adds an event with a name. */
    public void event(String name, Object data) {
        text.append("event: ").append(name).append('\n');
        data(data);
    }

    /** Adds the end of a stream of chat completions. */
    public void done() {
        text.append("data: [DONE]\n\n");
    }

    /** Returns the events as an answer. */
    public ResponseEntity<byte[]> answer() {
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
