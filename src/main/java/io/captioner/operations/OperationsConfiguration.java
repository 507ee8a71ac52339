package io.captioner.operations;

import io.captioner.registry.ModelRegistry;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Builds what needs threads of its own: the watch for new models and the probe of the device. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties({LivenessProperties.class, WatchProperties.class})
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
}
