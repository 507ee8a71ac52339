package io.captioner.bulk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A captioner whose interface has only types of the platform, for callers in another class loader, which find it by
 * name: photos as bytes in, captions as JSON out. Safe for use by several threads.
 */
public final class JsonCaptioner implements Function<Iterator<byte @Nullable []>, Iterator<String>>, Closeable {
    private static final String PREFIX = "captioner.bulk";

    private final BulkCaptioner captioner;
    private final JsonMapper json = JsonMapper.shared();

    private JsonCaptioner(BulkCaptioner captioner) {
        this.captioner = captioner;
    }

    /**
     * Loads and checks a bundle.
     *
     * @param settings the properties of {@code captioner.bulk} that set how photos are captioned, by name without
     *     prefix
     */
    public static JsonCaptioner open(String bundle, Map<String, String> settings) throws IOException {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        settings.forEach((name, value) -> source.put(PREFIX + "." + name, value));
        CaptioningProperties properties = new Binder(source).bindOrCreate(PREFIX, CaptioningProperties.class);
        return new JsonCaptioner(BulkCaptioner.open(Path.of(bundle), properties));
    }

    /** Captions a stream of photos; the captions are read by the thread that calls. */
    @Override
    public Iterator<String> apply(Iterator<byte @Nullable []> photos) {
        Iterator<PhotoCaption> captions = captioner.caption(photos);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return captions.hasNext();
            }

            @Override
            public String next() {
                return json.writeValueAsString(captions.next());
            }
        };
    }

    @Override
    public void close() {
        captioner.close();
    }
}
