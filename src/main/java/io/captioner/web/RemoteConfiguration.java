package io.captioner.web;

import io.captioner.caption.ImageProperties;
import java.net.InetAddress;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Makes the reader of photos from URLs; there is always one, which refuses all where it is off. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(RemoteProperties.class)
class RemoteConfiguration {
    @Bean
    RemoteImages remoteImages(RemoteProperties properties, ImageProperties limits) {
        return new RemoteImages(properties, limits, InetAddress::getAllByName);
    }
}
