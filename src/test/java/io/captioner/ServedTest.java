package io.captioner;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** A test against the whole service on a real port, with fake models and small limits; all such tests share it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoints.web.exposure.include=health,prometheus,models",
            "captioner.cache.enabled=false",
            "captioner.image.max-bytes=200KB",
            "captioner.image.max-pixels=1000000",
            "captioner.request.max-images=4",
            "captioner.batching.max-batch-size=4",
            "captioner.batching.concurrent-batches=1",
            "captioner.batching.queue-capacity=8"
        })
@Import({FakeModels.class, RecordedSpans.class})
public @interface ServedTest {}
