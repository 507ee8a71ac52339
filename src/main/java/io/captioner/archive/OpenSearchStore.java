package io.captioner.archive;

import io.captioner.archive.ArchiveProperties.OpenSearch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The archive in OpenSearch, or what speaks its bulk API: each group of answers is one {@code POST /<index>/_bulk} of
 * {@code create} actions. A document has the members of {@link ArchivedCaption} and {@code thumbnail} in base64; its
 * {@code _id} is the entry's, so that an answer that is sent twice is there once. Search, retention and deletion are
 * the engine's.
 */
final class OpenSearchStore implements AnswerStore {
    private static final Logger log = LoggerFactory.getLogger(OpenSearchStore.class);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final int OK = 200;

    /** Created, or there already. */
    private static final Set<Integer> KEPT = Set.of(200, 201, 409);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final JsonMapper json = JsonMapper.shared();
    private final OpenSearch properties;
    private final URI bulk;
    private final Duration timeout;
    private volatile String fault = "";

    /** @param timeout longest wait for an answer of the engine */
    OpenSearchStore(OpenSearch properties, Duration timeout) {
        this.properties = properties;
        String base = Objects.requireNonNull(properties.url()).toString();
        this.bulk = URI.create((base.endsWith("/") ? base : base + "/") + properties.index() + "/_bulk");
        this.timeout = timeout;
    }

    /** The engine is not asked: it refuses to create what it has. */
    @Override
    public boolean has(String id) {
        return false;
    }

    @Override
    public void write(List<Pending> changes) {
        StringBuilder body = new StringBuilder();
        for (Pending pending : changes) {
            ArchivedCaption entry = Objects.requireNonNull(pending.change().keep(), "bug: only answers are sent");
            ObjectNode action = json.createObjectNode();
            action.putObject("create").put("_id", entry.id());
            ObjectNode document = (ObjectNode) json.valueToTree(entry);
            document.remove("id");
            if (pending.change().thumbnail() != null) {
                document.put("thumbnail", pending.change().thumbnail());
            }
            body.append(json.writeValueAsString(action)).append('\n');
            body.append(json.writeValueAsString(document)).append('\n');
        }
        try {
            complete(changes, json.readTree(send(body.toString())).path("items"));
            if (!fault.isEmpty()) {
                log.info("Answers are archived again");
                fault = "";
            }
        } catch (IOException | JacksonException e) {
            String reason = e.toString();
            if (!reason.equals(fault)) {
                log.error("Answers are not archived: {} failed: {}", bulk, reason);
            }
            fault = reason;
            changes.forEach(pending -> pending.durable().completeExceptionally(e));
        }
    }

    private String send(String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(bulk)
                .timeout(timeout)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (properties.authorization() != null) {
            request.header("Authorization", properties.authorization());
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new IOException("it answered with status " + response.statusCode());
            }
            return response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void complete(List<Pending> changes, JsonNode items) throws IOException {
        if (items.size() != changes.size()) {
            throw new IOException("its answer has %d items for %d documents".formatted(items.size(), changes.size()));
        }
        for (int i = 0; i < changes.size(); i++) {
            JsonNode item = items.path(i).path("create");
            if (KEPT.contains(item.path("status").asInt())) {
                changes.get(i).durable().complete(null);
            } else {
                String reason = item.at("/error/reason").asString("");
                log.warn("An answer was refused by the search engine: {}", reason);
                changes.get(i).durable().completeExceptionally(new IOException(reason));
            }
        }
    }

    @Override
    public void tick() {
        // Nothing is left for later.
    }

    @Override
    public ArchiveStatus status() {
        return new ArchiveStatus(fault.isEmpty(), fault, ArchiveStatus.UNKNOWN, ArchiveStatus.UNKNOWN);
    }

    @Override
    public void close() {
        // The client's threads end with it.
    }
}
