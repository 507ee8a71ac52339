package io.captioner.compat;

import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.web.JsonBodies;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** What the protocols share. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(CompatProperties.class)
class CompatConfiguration {
    /** Bytes of a body beside its photos: prompts, schemas and the history of a chat. */
    private static final long TEXT = 1 << 20;

    @Bean
    JsonBodies jsonBodies(ImageProperties images, RequestProperties requests, CompatProperties properties) {
        return new JsonBodies(
                images,
                requests,
                JsonBodies.maxBytes(images, TEXT),
                properties.jsonMemory().toBytes());
    }

    @Bean
    CompatClock compatClock() {
        return new CompatClock(Clock.systemUTC(), System::nanoTime);
    }
}
