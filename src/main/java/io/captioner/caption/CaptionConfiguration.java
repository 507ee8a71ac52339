package io.captioner.caption;

import io.captioner.batching.Admission;
import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.captioner.batching.DynamicBatcher;
import io.captioner.image.HeifSupport;
import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.model.Hypothesis;
import io.captioner.registry.ModelRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Profile;

/** Builds the rooms that a request goes through, from the configuration. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties({
    BatchingProperties.class,
    CacheProperties.class,
    ImageProperties.class,
    RequestProperties.class
})
class CaptionConfiguration {
    @Bean
    BatchSettings batchSettings(BatchingProperties properties) {
        return properties.settings();
    }

    @Bean
    Admission admission(BatchSettings settings, RequestProperties requests) {
        if (requests.maxImages() > settings.queueCapacity()) {
            throw new IllegalArgumentException(
                    "captioner.request.max-images (%d) never fit into captioner.batching.queue-capacity (%d): lower the one or raise the other"
                            .formatted(requests.maxImages(), settings.queueCapacity()));
        }
        return new Admission(settings.queueCapacity(), settings.maxBatchSize(), System::nanoTime);
    }

    /** The batcher is closed before the models that it runs. */
    @Bean(destroyMethod = "close")
    @DependsOn("modelRegistry")
    DynamicBatcher<BatchKey, Pixels, List<Hypothesis>> captionBatcher(
            BatchSettings settings, ObjectProvider<BatchListener> listeners) {
        return new DynamicBatcher<>(
                "captions",
                settings,
                (key, images) -> key.model().caption(images, key.options()),
                CaptionConfiguration::isOutOfMemory,
                Runnable::run, // the threads of the requests wait for their futures: nothing runs on completion
                System::nanoTime,
                BatchListener.all(listeners.orderedStream().toList()));
    }

    @Bean
    HeifSupport heifSupport(ImageProperties images) {
        return images.heif() == ImageProperties.Heif.OFF ? HeifSupport.off() : HeifSupport.installed();
    }

    @Bean
    CaptionService captionService(
            ModelRegistry models,
            Admission admission,
            DynamicBatcher<BatchKey, Pixels, List<Hypothesis>> batcher,
            ObjectProvider<CaptionListener> listeners,
            CacheProperties cache,
            ImageProperties images,
            HeifSupport heif,
            RequestProperties requests) {
        PhotoDecoder decoder = new PhotoDecoder(new ImageLimits(images.maxPixels(), images.maxSide()), heif);
        int slots = Objects.requireNonNullElse(
                images.decoders(), Runtime.getRuntime().availableProcessors());
        return new CaptionService(
                models,
                new BoundedImageDecoder(decoder, slots),
                admission,
                batcher,
                new ResultCache(cache, System::nanoTime),
                CaptionListener.all(listeners.orderedStream().toList()),
                requests,
                System::nanoTime);
    }

    /** Tells TensorFlow's two ways of saying that a batch does not fit from all its other failures. */
    static boolean isOutOfMemory(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toUpperCase(Locale.ROOT);
            if (cause instanceof OutOfMemoryError
                    || message.contains("RESOURCE_EXHAUSTED")
                    || message.contains("OOM WHEN ALLOCATING")) {
                return true;
            }
        }
        return false;
    }
}
