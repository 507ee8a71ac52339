package io.captioner.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.captioner.batching.BatchSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

class PropertiesTests {
    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({BatchingProperties.class, ImageProperties.class, RequestProperties.class})
    static class Bound {}

    @Configuration(proxyBeanMethods = false)
    static class Batching {
        @Bean
        BatchSettings batchSettings(BatchingProperties properties, Environment environment) {
            return new CaptionConfiguration().batchSettings(properties, environment);
        }
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        runner.run(context -> {
            BatchSettings batches = context.getBean(BatchingProperties.class).settings();
            assertThat(batches).isEqualTo(new BatchSettings(16, List.of(1, 2, 4, 8, 16), 128, Duration.ZERO, 2, 2, 1));
            ImageProperties images = context.getBean(ImageProperties.class);
            assertThat(images)
                    .isEqualTo(new ImageProperties(
                            DataSize.ofMegabytes(20), 50_000_000, 20_000, null, ImageProperties.Heif.AUTO));
            RequestProperties requests = context.getBean(RequestProperties.class);
            assertThat(requests)
                    .isEqualTo(new RequestProperties(
                            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), 16));
        });
    }

    @Test
    void sizesFollowTheLargestUnlessTheyAreNamed() {
        runner.withPropertyValues("captioner.batching.max-batch-size=12")
                .run(context -> assertThat(context.getBean(BatchingProperties.class)
                                .settings()
                                .allowedSizes())
                        .containsExactly(1, 2, 4, 8, 12));
        runner.withPropertyValues("captioner.batching.max-batch-size=12", "captioner.batching.sizes=3,12")
                .run(context -> assertThat(context.getBean(BatchingProperties.class)
                                .settings()
                                .allowedSizes())
                        .containsExactly(3, 12));
    }

    @Test
    void theFormerNameOfConcurrentBatchesWorksUnlessTheNewOneIsSet() {
        ApplicationContextRunner batching = runner.withUserConfiguration(Batching.class);
        batching.run(context -> assertThat(context.getBean(BatchSettings.class).concurrentBatches())
                .isEqualTo(2));
        batching.withPropertyValues("captioner.batching.runs-at-once=3")
                .run(context -> assertThat(context.getBean(BatchSettings.class).concurrentBatches())
                        .isEqualTo(3));
        batching.withPropertyValues("captioner.batching.runs-at-once=3", "captioner.batching.concurrent-batches=4")
                .run(context -> assertThat(context.getBean(BatchSettings.class).concurrentBatches())
                        .isEqualTo(4));
    }

    @Test
    void impossibleValuesRefuseToStart() {
        for (String impossible : List.of(
                "captioner.image.max-bytes=0B",
                "captioner.image.max-bytes=3GB",
                "captioner.image.max-pixels=0",
                "captioner.image.decoders=0",
                "captioner.request.timeout=2m",
                "captioner.request.timeout=0s",
                "captioner.request.max-images=0")) {
            runner.withPropertyValues(impossible)
                    .run(context -> assertThat(context).as(impossible).hasFailed());
        }
    }

    @Test
    void moreImagesInARequestThanMayBeInFlightRefuseToStart() {
        BatchSettings small = new BatchSettings(4, List.of(4), 8, Duration.ZERO, 1);
        RequestProperties many =
                new RequestProperties(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(30), 9);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CaptionConfiguration().admission(small, many))
                .withMessageContaining("captioner.request.max-images (9)");
    }

    @Test
    void onlyTheDevicesMemoryLowersTheCeiling() {
        assertThat(CaptionConfiguration.isOutOfMemory(new IllegalStateException(
                        "it failed", new IllegalStateException("OOM when allocating tensor with shape"))))
                .isTrue();
        assertThat(CaptionConfiguration.isOutOfMemory(new IllegalStateException("RESOURCE_EXHAUSTED: failed")))
                .isTrue();
        assertThat(CaptionConfiguration.isOutOfMemory(new IllegalStateException("bad shape")))
                .isFalse();
    }
}
