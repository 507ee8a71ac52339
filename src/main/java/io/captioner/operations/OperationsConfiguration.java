package io.captioner.operations;

import io.captioner.operations.ModelWatch.WatchProperties;
import io.captioner.registry.ModelRegistry;
import jakarta.validation.constraints.Min;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.validation.annotation.Validated;

/** Builds what needs threads of its own: the watch for new models and the probe of the device. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties({OperationsConfiguration.LivenessProperties.class, WatchProperties.class})
class OperationsConfiguration {
    @Bean(destroyMethod = "close")
    ModelWatch modelWatch(ModelRegistry models, WarmUp warmUp, WatchProperties properties) {
        return new ModelWatch(
                models,
                warmUp,
                properties,
                Executors.newSingleThreadScheduledExecutor(scan -> daemon(scan, "model-watch")));
    }

    /** Each probe has a new thread: probes are rare, and a device that hangs keeps the thread. */
    @Bean
    DeviceHealth deviceHealth(ModelRegistry models, LivenessProperties properties, ApplicationEventPublisher events) {
        return new DeviceHealth(
                models,
                properties.maxFailures(),
                probe -> daemon(probe, "device-probe").start(),
                events);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * When the service reports itself as broken: {@code captioner.liveness.*}.
     *
     * @param maxFailures images that the device fails on in all attempts, with no good run between, before the service
     *     probes it with a black image; fewer find a broken device sooner, more cause fewer probes for bad input
     */
    @Validated
    @ConfigurationProperties("captioner.liveness")
    record LivenessProperties(@DefaultValue("5") @Min(1) int maxFailures) {}
}
