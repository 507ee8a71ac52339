package io.captioner.operations;

import io.captioner.registry.ModelRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Builds the judge of the device, with its setting and its threads. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(LivenessProperties.class)
class LivenessConfiguration {
    @Bean
    DeviceHealth deviceHealth(ModelRegistry models, LivenessProperties properties, ApplicationEventPublisher events) {
        return new DeviceHealth(models, properties.maxFailures(), LivenessConfiguration::onThreadOfItsOwn, events);
    }

    /** Trials are rare, and a device that hangs keeps the thread. */
    private static void onThreadOfItsOwn(Runnable trial) {
        Thread thread = new Thread(trial, "device-trial");
        thread.setDaemon(true);
        thread.start();
    }
}
