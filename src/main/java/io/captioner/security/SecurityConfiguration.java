package io.captioner.security;

import io.captioner.web.RequestAuthorizer;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
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
}
