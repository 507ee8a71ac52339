package io.captioner.security;

import io.captioner.security.CredentialAuthorizer.Authenticator;
import io.captioner.web.RequestAuthorizer;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Makes the authorizer. There is always one, so that a misspelt mode stops the start. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(SecurityProperties.class)
class SecurityConfiguration {
    /** Some ten megabytes at most. */
    private static final int MAX_CLIENTS = 50_000;

    @Bean
    RequestAuthorizer requestAuthorizer(SecurityProperties properties) {
        return switch (properties.mode()) {
            case NONE -> RequestAuthorizer.OPEN;
            case API_KEY -> authorizer(keys(properties));
            case JWT ->
                authorizer(new Tokens(
                        Objects.requireNonNull(properties.jwt(), "bug: checked by the properties"),
                        properties.limits(),
                        Clock.systemUTC()));
        };
    }

    @Bean
    UnauthenticatedWarning unauthenticatedWarning(SecurityProperties properties, Environment environment) {
        return new UnauthenticatedWarning(properties.mode(), environment);
    }

    private static CredentialAuthorizer authorizer(Authenticator authenticator) {
        return new CredentialAuthorizer(authenticator, new RateLimiter(MAX_CLIENTS, System::nanoTime));
    }

    private static ApiKeys keys(SecurityProperties properties) {
        ApiKeys keys = new ApiKeys(
                Objects.requireNonNull(properties.keys(), "bug: checked by the properties"),
                properties.limits(),
                Executors.newSingleThreadScheduledExecutor(scan -> {
                    Thread thread = new Thread(scan, "key-scan");
                    thread.setDaemon(true);
                    return thread;
                }));
        return keys.scannedEvery(properties.reload());
    }

    /** The warning of a service that every client on the network may use. */
    static final class UnauthenticatedWarning {
        private static final Logger log = LoggerFactory.getLogger(UnauthenticatedWarning.class);

        private final SecurityProperties.Mode mode;
        private final Environment environment;

        UnauthenticatedWarning(SecurityProperties.Mode mode, Environment environment) {
            this.mode = mode;
            this.environment = environment;
        }

        @EventListener(ApplicationReadyEvent.class)
        void started() {
            if (isReachableWithoutKey()) {
                log.warn(
                        "EVERY CLIENT THAT REACHES THIS PORT MAY USE THE SERVICE: captioner.security.mode is none, and server.address is no"
                                + " loopback address. Require keys (captioner.security.mode=api-key, see docs/security.md), or set"
                                + " server.address=127.0.0.1");
            }
        }

        boolean isReachableWithoutKey() {
            InetAddress address = environment.getProperty("server.address", InetAddress.class);
            return mode == SecurityProperties.Mode.NONE && (address == null || !address.isLoopbackAddress());
        }
    }
}
