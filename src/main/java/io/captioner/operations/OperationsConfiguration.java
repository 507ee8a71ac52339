package io.captioner.operations;

import io.captioner.registry.ModelRegistry;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Where the watch gets its thread. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(WatchProperties.class)
class OperationsConfiguration {
    @Bean(destroyMethod = "close")
    ModelWatch modelWatch(ModelRegistry models, WarmUp warmUp, WatchProperties properties) {
        return new ModelWatch(models, warmUp, properties, Executors.newSingleThreadScheduledExecutor(look -> {
            Thread thread = new Thread(look, "model-watch");
            thread.setDaemon(true);
            return thread;
        }));
    }
}
