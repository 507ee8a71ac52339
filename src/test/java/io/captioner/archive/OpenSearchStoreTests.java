package io.captioner.archive;

import static io.captioner.archive.Entries.entry;
import static io.captioner.archive.Entries.id;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.captioner.archive.AnswerStore.Pending;
import io.captioner.archive.ArchiveProperties.OpenSearch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Against a stub of the bulk API, not against an engine. */
class OpenSearchStoreTests {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, JsonNode> documents = new HashMap<>();
    private HttpServer engine;
    private OpenSearchStore store;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/prefix/photos/_bulk", this::bulk);
        engine.start();
        URI url = URI.create(
                "http://localhost:%d/prefix/".formatted(engine.getAddress().getPort()));
        store = new OpenSearchStore(new OpenSearch(url, "photos", "ApiKey secret"), Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        engine.stop(0);
    }

    @Test
    void aGroupOfAnswersIsOneBulkRequestOfWholeDocuments() {
        Pending first = new Pending(Change.keep(entry(1, "a \"dog\"\nruns"), new byte[] {1, 2, 3}));
        Pending second = new Pending(Change.keep(entry(2, "a cat"), null));

        store.write(List.of(first, second));

        assertThat(first.durable()).isCompleted();
        assertThat(second.durable()).isCompleted();
        assertThat(documents).containsOnlyKeys(id(1), id(2));
        JsonNode document = Objects.requireNonNull(documents.get(id(1)));
        assertThat(document.path("text").asString()).isEqualTo("a \"dog\"\nruns");
        assertThat(document.path("time").asString()).isEqualTo("2026-03-01T12:01:00Z");
        assertThat(document.path("thumbnail").asString()).isEqualTo("AQID");
        assertThat(store.status().writable()).isTrue();
    }

    @Test
    void anAnswerThatIsThereAlreadyIsKeptAndNotReplaced() {
        store.write(List.of(new Pending(Change.keep(entry(1, "a dog"), null))));
        Pending again = new Pending(Change.keep(entry(1, "another"), null));

        store.write(List.of(again));

        assertThat(again.durable()).isCompleted();
        assertThat(Objects.requireNonNull(documents.get(id(1))).path("text").asString())
                .isEqualTo("a dog");
    }

    @Test
    void onlyTheDocumentThatIsRefusedIsNotAcknowledged() {
        Pending refused = new Pending(Change.keep(entry(1, "refuse me"), null));
        Pending kept = new Pending(Change.keep(entry(2, "a cat"), null));

        store.write(List.of(refused, kept));

        assertThat(refused.durable()).isCompletedExceptionally();
        assertThat(kept.durable()).isCompleted();
    }

    @Test
    void anEngineThatFailsAcknowledgesNothingAndItsStateSaysSo() {
        status = 503;
        Pending pending = new Pending(Change.keep(entry(1, "a dog"), null));

        store.write(List.of(pending));

        assertThat(pending.durable()).isCompletedExceptionally();
        assertThat(store.status().writable()).isFalse();
        assertThat(store.status().fault()).contains("503");
    }

    /** Does with {@code create} actions what the documentation of OpenSearch says. */
    private void bulk(HttpExchange exchange) throws IOException {
        String[] lines = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
        boolean valid = exchange.getRequestMethod().equals("POST")
                && "application/x-ndjson".equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                && "ApiKey secret".equals(exchange.getRequestHeaders().getFirst("Authorization"))
                && lines.length % 2 == 1
                && lines[lines.length - 1].isEmpty();
        ArrayNode items = JSON.createArrayNode();
        for (int i = 0; i + 1 < lines.length; i += 2) {
            String id = JSON.readTree(lines[i]).at("/create/_id").asString();
            JsonNode document = JSON.readTree(lines[i + 1]);
            ObjectNode item = items.addObject().putObject("create").put("_id", id);
            if (document.path("text").asString().equals("refuse me")) {
                item.put("status", 400).putObject("error").put("reason", "mapper_parsing_exception");
            } else {
                item.put("status", documents.putIfAbsent(id, document) == null ? 201 : 409);
            }
        }
        byte[] answer = JSON.writeValueAsBytes(JSON.createObjectNode().set("items", items));
        exchange.sendResponseHeaders(valid ? status : 400, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
