package io.captioner.operations;

import io.captioner.model.ModelRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Builds what of the watch over the service has settings and threads. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(LivenessProperties.class)
class OperationsConfiguration {
    @Bean
    DeviceHealth deviceHealth(ModelRegistry models, LivenessProperties properties, ApplicationEventPublisher events) {
        return new DeviceHealth(models, properties.maxFailures(), OperationsConfiguration::onThreadOfItsOwn, events);
    }

    /** Trials are rare, and a device that hangs keeps the thread. */
    private static void onThreadOfItsOwn(Runnable trial) {
        Thread thread = new Thread(trial, "device-trial");
        thread.setDaemon(true);
        thread.start();
    }
}
